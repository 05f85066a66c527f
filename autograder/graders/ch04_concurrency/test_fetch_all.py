"""Hidden grader of ``fetch_all``.

Calls wait for one another, not for a clock; every wait has a bound, and reaching it is the
evidence. Only the last check sleeps: there, overlap is the point. How many calls are in flight is
also counted by a server in another process, from which they fetch.
"""

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.evidence import matches, read
from autograder.judging.vocabulary.gates import company
from autograder.judging.vocabulary.leftovers import expect_nothing_left, polled, threads
from autograder.judging.vocabulary.measures import expect_speed
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals
from autograder.judging.vocabulary.servers import WAITING_ROOM, asked, beside_server

SERIAL = """
from collections import namedtuple

Outcome = namedtuple("Outcome", "value error")


def fetch_all(fetch, urls, limit=8):
    return [Outcome(fetch(url), None) for url in urls]
"""


# -- in the sandbox ------------------------------------------------------------------------


def laid_out(outcomes, errors=()):
    """What came back as data: ``[type's name, rows]``.

    A row is ``[value, error]``; an error is None, its place in ``errors`` if it is one of those
    very objects, or the name of its type. So is a value that is one of them. A row is a text
    where there is no Outcome.
    """

    def known(thing):
        places = [place for place, own in enumerate(errors) if thing is own]
        if places:
            return places[0]
        return type(thing).__name__ if isinstance(thing, BaseException) else thing

    if type(outcomes) is not list:
        return [type(outcomes).__name__, []]
    rows = []
    for outcome in outcomes[:500]:
        try:
            value, error = outcome.value, outcome.error
        except AttributeError:
            rows.append(type(outcome).__name__)
            continue
        if error is not None and not isinstance(error, BaseException):
            error = type(error).__name__
        rows.append([known(value), known(error)])
    return ["list", rows]


def downloaded(module, port, urls, limit):
    """What is fetched from a server on loopback."""
    return laid_out(module.fetch_all(lambda url: asked(port, url, 9), iter(urls), limit))


# -- on the judge's side -------------------------------------------------------------------


def rows(seen, count, what="fetch_all"):
    """The ``[value, error]`` of each of ``count`` outcomes; ``what`` begins the messages."""
    kind, outcomes = read(seen, [str, list])
    expect(kind == "list", f"{what} did not return a list.")
    expect(len(outcomes) == count, f"{what} gave {len(outcomes)} outcomes for {count} URLs.")
    fine = not matches(outcomes, list[[object, object]])
    expect(fine, f"{what} gave a list of things without .value and .error: no Outcomes.")
    return outcomes


def all_values(seen, wanted, what="fetch_all"):
    """Expect an outcome without error for each of the values ``wanted``, in order."""
    outcomes = rows(seen, len(wanted), what)
    expect(all(error is None for _, error in outcomes), f"{what} gave an error; none was raised.")
    values = [value for value, _ in outcomes]
    if not same(values, wanted) and sorted(map(repr, values)) == sorted(map(repr, wanted)):
        fail(f"{what} gave the outcomes in another order than the URLs.")
    expect(same(values, wanted), f"{what} did not give what fetch had returned.")


# -- checks --------------------------------------------------------------------------------


@check(points=1, public=True, hint="pool.map keeps the order; with futures, keep them in a list.")
def test_input_order(student):
    """The outcomes come in the order of the URLs, whichever is fetched first."""

    @student.observe(helpers=(laid_out,))
    def seen(module):
        import threading
        import time

        ended = {url: threading.Event() for url in "abcd"}
        first = {"a": "b", "c": "d"}  # these wait, for a while, until another has ended

        def fetch(url):
            if url in first:
                ended[first[url]].wait(0.5)
                time.sleep(0.1)  # what came back from the other has to be seen, too
            ended[url].set()
            return url.upper()

        return laid_out(module.fetch_all(fetch, ["a", "b", "c", "d"], limit=4))

    outcomes = rows(seen, 4)
    values, errors = map(list, zip(*outcomes, strict=True))
    expect(same(errors, [None] * 4), f"fetch raised nothing, but the errors are {show(errors)}.")
    expect(
        same(values, ["A", "B", "C", "D"]),
        f"The URLs were a, b, c, d, and b was fetched before a. The values are {show(values)}; "
        "they belong in the order of the URLs: A, B, C, D.",
    )


@check(points=2, public=True, hint="try/except around the call of fetch itself, in the thread.")
def test_errors_in_their_places(student):
    """An error stands in the place of its URL, and costs no other its answer."""

    @student.observe(helpers=(laid_out,))
    def seen(module):
        error = OSError("b: not found")

        def fetch(url):
            if url == "b":
                raise error
            return url.upper()

        try:
            outcomes = module.fetch_all(fetch, ["a", "b", "c", "d"], limit=2)
        except OSError:
            return "raised"
        return laid_out(outcomes, [error])

    expect(
        not same(seen, "raised"),
        "fetch raised an OSError for b, and so did fetch_all: the answers of a, c and d are lost.",
    )
    outcomes = rows(seen, 4)
    expect(
        not same(outcomes[1][1], "str"),
        "The error of b is kept as a text; anyone who wants its type needs the exception.",
    )
    wanted = [["A", None], [None, 0], ["C", None], ["D", None]]
    expect(
        same(outcomes, wanted),
        "With fetch raising an OSError for b: expected the value A, then that OSError with the "
        "value None, then C and D, each with the error None. Something else came.",
    )


@check(points=1, hint="except Exception, then keep the exception object as it is.")
def test_every_error_is_kept(student, rng):
    """Errors of many kinds, of the first and the last URL and of all of them, are kept."""
    plans = []
    for count in (rng.randint(5, 9), rng.randint(10, 14)):
        bad = rng.sample(range(1, count - 1), 2)
        plans.append([number in (0, count - 1, *bad) for number in range(count)])
    plans.append([True] * rng.randint(3, 6))

    @student.observe(helpers=(laid_out,), plans=plans)
    def seen(module, plans):
        class Refused(Exception):
            pass

        kinds = [OSError, Refused, ValueError, KeyError, RuntimeError, UnicodeError]
        results, calls = [], []
        for plan in plans:
            errors = [kinds[number % len(kinds)](number) for number in range(len(plan))]

            def fetch(url, plan=plan, errors=errors):
                calls.append(url)
                if plan[int(url)]:
                    raise errors[int(url)]
                return 3 * int(url)

            urls = [str(number) for number in range(len(plan))]
            try:
                results.append(laid_out(module.fetch_all(fetch, urls, 3), errors))
            except Exception as error:
                if all(error is not own for own in errors):
                    raise
                return "passed on"

        def late(url):
            calls.append(url)
            raise TimeoutError(url)

        # Some event loops put another TimeoutError in the place of the one that a thread raised.
        # The same URL again is another call, also where the first has failed.
        outcomes = module.fetch_all(late, ["a", "a"], 1)
        timeouts = [isinstance(outcome.error, TimeoutError) for outcome in outcomes]
        return [*results, timeouts, len(calls)]

    expect(
        not same(seen, "passed on"),
        "Of the exceptions that fetch raised, fetch_all let one through; each stands in the place "
        "of its URL, whatever its type.",
    )
    *seen, timeouts, calls = read(seen, [*[list] * len(plans), list, int])
    expect(same(timeouts, [True, True]), "A TimeoutError that fetch raised was not kept.")
    for plan, row in zip(plans, seen, strict=True):
        outcomes = rows(row, len(plan), "With several URLs that fail, fetch_all")
        for number, (fails, (value, error)) in enumerate(zip(plan, outcomes, strict=True)):
            if fails:
                expect(
                    same(error, number),
                    "An exception that fetch raised is not the `error` in the place of its URL.",
                )
                expect(value is None, "Beside an error stands a value that is not None.")
            else:
                expect(error is None, "A URL that was fetched well has an error.")
                expect(same(value, 3 * number), "An answer is lost or stands in a wrong place.")
    expect(
        calls == sum(map(len, plans)) + 2,
        "When fetch raised, it was called again, or another URL, or the same in another place, was "
        "not fetched at all: it is called once for each.",
    )


@check(points=1, hint="Keep outcomes by position, and do not look at what fetch returned.")
def test_any_value_and_equal_urls(student, rng):
    """A returned None or exception is a value; a URL that comes twice is fetched twice."""
    urls = [f"u{number}" for number in rng.sample(range(1000), 3)]
    urls = [*urls, urls[1], urls[0], urls[1]]

    @student.observe(helpers=(laid_out,), urls=urls)
    def seen(module, urls):
        import threading

        answers = [None, KeyError("returned"), False, "", 0, [], OSError("returned")]
        answers += [(1, None), module.Outcome(None, KeyError("returned"))]
        own = [answers[1], *answers[6:]]
        values = module.fetch_all(lambda url: answers[int(url)], list("012345678"), limit=2)
        lock, log = threading.Lock(), []

        def fetch(*arguments):
            with lock:
                log.append(arguments)
                return len(log)

        twice = laid_out(module.fetch_all(fetch, urls, limit=3))
        return [laid_out(values, own), twice, [list(arguments) for arguments in log]]

    plain, twice, log = read(seen, [list, list, list])
    outcomes = rows(plain, 9)
    expect(
        all(error is None for _, error in outcomes),
        "What fetch only returned was taken for an error: a returned exception is a value, and "
        "so is None.",
    )
    values = [value for value, _ in outcomes]
    wanted = [None, 0, False, "", 0, [], 1, 2, 3]
    expect(same(values, wanted), "What fetch returned did not come through.")
    expect(len(log) >= len(urls), "A URL that stands twice among the urls was fetched once.")
    once = sorted(map(repr, log)) == sorted(repr([url]) for url in urls)
    expect(once, "fetch was not called exactly once for each URL, with the URL alone.")
    values = [value for value, _ in rows(twice, len(urls))]
    expect(
        sorted(map(repr, values)) == sorted(map(repr, range(1, len(urls) + 1))),
        "Two equal URLs got one and the same outcome; each place has its own call.",
    )


@check(points=1, hint="list(urls) makes a list of any iterable; no URLs are no special case.")
def test_any_iterable(student, rng):
    """Generators, iterators, no URLs at all."""
    urls = [f"u{number}" for number in rng.sample(range(10_000), rng.randint(12, 18))]

    @student.observe(helpers=(laid_out,), urls=urls)
    def seen(module, urls):
        calls = [
            ((url for url in urls), 4),
            (iter(urls), 1),
            ([], 3),
            (iter(()), 1),
            (tuple(urls[:2]), 7),
        ]
        return [laid_out(module.fetch_all(str.upper, each, limit)) for each, limit in calls]

    upper = [url.upper() for url in urls]
    calls = {
        "With a generator of URLs": upper,
        "With an iterator": upper,
        "With no URLs": [],
        "With an empty iterator": [],
        "With fewer URLs than the limit": upper[:2],
    }
    for row, (what, values) in zip(read(seen, [list] * 5), calls.items(), strict=True):
        all_values(row, values, f"{what}, fetch_all")


@check(points=6, hint="A pool of `limit` threads; each takes the next URL when it is done.")
def test_as_many_as_the_limit(student, rng):
    """At most `limit` calls are in flight, and so many are; by default 8."""
    # The last but one is more than a pool takes by itself; the last has fewer URLs than that.
    limits = [1, *rng.sample(range(2, 7), 2), None, rng.randint(33, 40), rng.randint(10, 12)]
    counts = [2 * (limit or 8) + 3 for limit in limits[:-1]] + [rng.randint(5, 8)]

    @student.observe(helpers=(laid_out,), limits=limits, counts=counts)
    def seen(module, limits, counts):
        import time

        def slow(count):
            for number in range(count):
                time.sleep(0.001)  # long enough for another thread to ask meanwhile
                yield str(number)

        results = []
        for limit, count in zip(limits, counts, strict=True):
            state = {}
            fetch = company(state, min(limit or 8, count))
            options = {} if limit is None else {"limit": limit}
            outcomes = laid_out(module.fetch_all(fetch, slow(count), **options))
            results.append([outcomes, state["most"]])
            if state["tired"]:
                break
        return results

    expect(len(read(seen, list[[list, int]])) > 0, "fetch_all was not called.")
    for limit, count, (outcomes, most) in zip(limits, counts, seen, strict=False):
        wanted = min(limit or 8, count)
        all_values(outcomes, [str(number) for number in range(count)])
        what = "By default" if limit is None else "With a limit"
        expect(most <= wanted, f"{what}, more calls than the limit were in flight at once.")
        one = most == 1 and wanted > 1
        expect(not one, "The calls ran one after the other; threads may wait at the same time.")
        expect(
            most >= wanted or wanted < count,
            "With fewer URLs than the limit, some waited while they could have been fetched.",
        )
        expect(
            most >= wanted,
            f"{what}, there were never as many calls in flight as the limit "
            "says, though there were URLs enough. Is there another limit in your code? Or has a "
            "thread that met another one in the iterable ended?",
        )
    for _ in range(2):  # a thread that comes seconds late is the machine's doing, but not twice
        wanted, most = from_a_server(student.within(wall=30), rng)
        if most == wanted:
            return
    fail(
        "A server was never asked for as many URLs at once as the limit says, though it let them "
        "wait."
    )


def from_a_server(student, rng):
    """The same as a server sees it, in another process: the limit, and most at once."""
    limit, secret = rng.randint(3, 6), f"{rng.randrange(10**12)}:"
    urls = [f"/{number}.png" for number in rng.sample(range(10**6), 2 * limit + rng.randint(1, 3))]
    serve = {"count": len(urls), "wanted": limit, "secret": secret}
    helpers = (laid_out,)
    seen, (most, lines) = beside_server(
        student, WAITING_ROOM, downloaded, serve, helpers, urls=urls, limit=limit
    )
    all_values(seen, [secret + url for url in urls], "With downloads from a server, it")
    expect(sorted(lines) == sorted(urls), "A server was not asked once for each URL.")
    expect(most <= limit, "A server was asked for more URLs at once than the limit allows.")
    return limit, most


@check(points=2, hint="Hand out single URLs, not slices: a thread that is done takes the next.")
def test_one_slow_url(student, rng):
    """While one URL takes long, the other threads go on with the rest."""
    limit, count = rng.randint(2, 4), rng.randint(200, 300)  # more than any look-ahead

    @student.observe(helpers=(laid_out,), limit=limit, count=count)
    def seen(module, limit, count):
        import threading

        rest, done, lock = threading.Event(), [], threading.Lock()

        def fetch(url):
            if url == "0":
                rest.wait(2)
                return len(done)  # of the others, when this one ended
            with lock:
                done.append(url)
                if len(done) == count - 1:
                    rest.set()
            return 0

        return laid_out(module.fetch_all(fetch, map(str, range(count)), limit=limit))

    values = [value for value, _ in rows(seen, count)]
    expect(all(type(value) is int for value in values), "fetch_all lost what fetch had returned.")
    expect(
        values[0] == count - 1,
        f"The first URL was slow. Meanwhile the other threads fetched {values[0]} of the "
        "others and then waited for it, as if the URLs came in groups.",
    )


@check(
    points=1,
    hint="A thread that waits for its turn at a semaphore exists already. Let "
    "`limit` threads take all the URLs.",
)
def test_number_of_threads(student, rng):
    """The number of threads follows `limit`, not the number of URLs; none is left behind."""
    limits = rng.sample(range(2, 5), 2)

    @student.observe(limits=limits)
    def seen(module, limits):
        before, results, during = threads(), [], []

        def failing(url):
            during.append(threads() - before)
            raise OSError(url)

        def left():
            return polled(lambda: threads() - before, seconds=1)

        for limit in limits:
            state = {}
            module.fetch_all(company(state, limit), map(str, range(45)), limit)
            module.fetch_all(len, "ab", limit + 4)
            after = left()
            module.fetch_all(failing, map(str, range(25)), limit)
            most = max(state["threads"] - before, *during)
            results.append([most, after, left(), state["began"]])
            during.clear()
        return results

    for limit, row in zip(limits, read(seen, [[int] * 4] * 2), strict=True):
        most, after, after_errors, began = row
        expect(began == 45, f"With 45 URLs fetch was called {began} times.")
        # Room for one that hands out URLs, and for those that end while the next begin.
        expect(
            most <= 2 * limit + 3,
            f"With many URLs and a small limit, {most} threads existed at once. A thread for "
            "each URL costs memory and start-up for every one that only waits for its turn.",
        )
        expect_nothing_left(after, "threads", "1 s after fetch_all had returned")
        expect_nothing_left(after_errors, "threads", "1 s after a call in which fetch had raised")


@check(points=1, hint="Look at `limit` first; `limit or 8` takes 0 for the default.")
def test_refuses_limits_below_one(student, rng):
    """A limit below 1 is a ValueError, and nothing is fetched."""

    def call(module, log, limit, urls=("a", "b")):
        module.fetch_all(log.append, list(urls), limit=limit)

    cases = {"limit=0 and no URLs": {"limit": 0, "urls": []}}
    cases |= {f"limit={limit}": {"limit": limit} for limit in (0, -1)}
    cases["a negative limit"] = {"limit": -rng.randint(2, 1000)}
    noted = "With {what}, URLs were fetched before the ValueError."
    expect_refusals(student, call, cases, Refusal("ValueError", noted=noted))


@check(points=2, kind="performance", hint="Start them all, then wait; not one by one.")
def test_waiting_overlaps(student, baseline, rng):
    """Eight downloads that wait, with limit=4, take at most 0.35x of one after the other."""

    def seen(module, urls, longer):
        import time

        def fetch(url):
            time.sleep((0.027 + int(url) % 7 / 1000) * longer)
            return int(url) + 1

        return [outcome.value for outcome in module.fetch_all(fetch, urls, limit=4)]

    def inputs(_, longer=1):
        return {"urls": [str(n) for n in rng.sample(range(10**6), 8)], "longer": longer}

    message = (
        "Eight downloads with limit=4 took {ratio} as long as one after the other; the limit is "
        "{limit}, and four at a time need 0.25x. Something waits that need not."
    )
    serial = baseline(SERIAL)
    expect_speed(student, serial, seen, inputs, message, at_most=0.35, same=same, waits=True)
