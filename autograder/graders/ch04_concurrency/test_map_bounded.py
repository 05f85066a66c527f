"""Hidden grader of ``map_bounded``.

Calls wait for events, not for a clock; every wait has a bound, and reaching it is evidence.
"""

from autograder.checks import check, error_name, expect, fail, same, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.gates import company
from autograder.judging.vocabulary.iterating import (
    counted,
    drained,
    expect_drained,
    paced,
    read_paced,
)
from autograder.judging.vocabulary.leftovers import alive
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals
from autograder.judging.vocabulary.servers import LIBRARY, asked, beside_server

TASKS = """
class Item:
    def __init__(self, number):
        self.number = number


def number_of(item):
    return item.number * 3


def number_and_process(item):
    import os

    return [item.number * 3, os.getpid()]
"""


# -- in the sandbox ------------------------------------------------------------------------


def placed():
    """``begin, note, away``: an executor's initializer, and what its calls begin with.

    ``note(value)`` returns the value. Outside the executor's threads it also adds it to ``away``.
    """
    import threading

    workers, away = set(), []

    def note(value):
        if threading.get_ident() not in workers:
            away.append(value)
        return value

    return lambda: workers.add(threading.get_ident()), note, away


def gated(module, stop, count, buffersize, kind="timeout"):
    """Consume with one worker, leave at ``stop``: ``[end, values, begun, away, foreign, after]``.

    ``stop`` is ``["close", n]``, after n results, or ``["raise", n]``: item n raises an error of
    this ``kind``. The item after it blocks the worker, so that what is submitted behind it has not
    begun. ``end`` is how the loop ended, ``begun`` the items that ever began, in order, ``away``
    how many of them did so outside the executor's thread. ``foreign`` says whether other work in
    the executor was done, ``after`` whether it takes work still.
    """
    import threading
    from concurrent.futures import CancelledError, ThreadPoolExecutor

    how, at = stop
    blocker = at if how == "close" else at + 1
    begun, gate, blocked = [], threading.Event(), threading.Event()
    own = {"cancelled": CancelledError, "timeout": TimeoutError}[kind]("own")
    begin, note, away = placed()

    def function(number):
        begun.append(note(number))
        if away:
            gate.set()  # the consumer itself may be here, and nobody would open it
        if how == "raise" and number == at:
            raise own
        if number >= blocker:
            blocked.set()
            if not gate.wait(2):
                gate.set()  # wrong anyhow: the rest need not wait
        return number * 2

    pool = ThreadPoolExecutor(1, initializer=begin)
    values, end = [], "end"
    iterator = module.map_bounded(pool, function, counted(range(count))[0], buffersize)
    try:
        for _ in range(count):
            if how == "close" and len(values) == at:
                blocked.wait(1)
                break
            values.append(next(iterator))
    except StopIteration:
        pass
    except Exception as error:
        end = "own" if error is own else type(error).__name__
    foreign = None
    try:
        foreign = pool.submit(int, "7")  # behind all the rest
    except RuntimeError:
        pass
    if how == "close":
        iterator.close()
    gate.set()
    try:
        done = foreign is not None and not foreign.cancelled() and foreign.result(3) == 7
    except Exception:
        done = False
    try:
        pool.submit(int, "8").result(3)
        after = True
    except Exception:
        after = False
    pool.shutdown(wait=True)
    return [end, values, begun, len(away), done, after]


def pulled_from_a_server(module, port, count, size, stops):
    """The first results for items from a server, which is told when each of them is in hand."""
    from concurrent.futures import ThreadPoolExecutor

    found = []
    with ThreadPoolExecutor(2) as pool:
        items = (asked(port, f"get {number}") for number in range(count))
        results = module.map_bounded(pool, str.upper, items, size)
        for _ in range(stops):
            found.append(next(results))
            asked(port, "hold 0")
        results.close()
    asked(port, "end")
    return found


# -- on the judge's side -------------------------------------------------------------------


def in_executor(away):
    """Expect that no call was made anywhere else than in the executor."""
    expect(
        away == 0,
        f"{away} calls were not made in the executor that your code was given: they ran in another "
        "thread or process. Its submit() is the way in.",
    )


def cancelled(row, stop, buffersize):
    """Expect that calls which had not begun when the loop was left never ran."""
    how, at = stop
    end, values, begun, away, foreign, after = read(row, [str, list, list, int, bool, bool])
    in_executor(away)
    when = "After close()" if how == "close" else "After a call had raised"
    if how == "raise":
        expect(not same(end, "end"), "A call raised, and the consumer was not told.")
        if not same(end, "own"):
            fail(
                "A call raised an exception of its own; out of the iterator came "
                f"{error_name(end)}, not that exception."
            )
    elif not same(end, "end"):
        fail(f"Taking results raised {error_name(end)}.")
    right = same(values, [2 * number for number in range(at)])
    expect(
        right,
        "The results before the failure did not all come before it, in order."
        if how == "raise"
        else "The results were not those of the items, in order.",
    )
    blocker = at if how == "close" else at + 1
    late = sum(type(number) is not int or number > blocker for number in begun)
    expect(
        late == 0,
        f"{when}, {late} calls that had not begun yet were still run: their futures must be "
        "cancelled.",
    )
    expect(after, f"{when}, the executor took no more work. It belongs to the caller.")
    expect(foreign, f"{when}, other work in the executor was thrown away, too.")


# -- checks --------------------------------------------------------------------------------


@check(
    points=1,
    public=True,
    hint="A deque of futures: append on one side, popleft().result() on the other.",
)
def test_results_in_order(student):
    """The calls run in the executor; the results come in the order of the items."""

    @student.observe(helpers=(placed,), count=8)
    def seen(module, count):
        import threading
        from concurrent.futures import ThreadPoolExecutor

        ended = [threading.Event() for _ in range(count)]
        begin, note, away = placed()

        def function(number):
            note(number)
            if number % 2 == 0:
                ended[number + 1].wait(0.5)  # the next one is faster
            ended[number].set()
            return 10 * number

        with ThreadPoolExecutor(4, initializer=begin) as pool:
            items = counted(range(count))[0]
            row = drained(module.map_bounded(pool, function, items, buffersize=4), 3 * count)
        return [row, len(away)]

    row, away = read(seen, [list, int])
    in_executor(away)
    values, _ = read(row, [list, str])
    expect(
        not same(values, [10 * (number ^ 1) for number in range(8)]),
        f"The results came in the order in which the calls ended: {show(values)}.",
    )
    expect_drained(row, [10 * number for number in range(8)], "With 8 items and 4 threads")


@check(points=5, public=True, hint="Take a new item only when a result is handed over.")
def test_looks_ahead_no_further(student):
    """With buffersize=3, never more than 3 items are taken beyond the results handed over."""

    @student.observe(helpers=(placed,))
    def seen(module):
        from concurrent.futures import ThreadPoolExecutor

        items, log = counted(range(100))
        begin, note, away = placed()
        with ThreadPoolExecutor(2, initializer=begin) as pool:
            results = module.map_bounded(pool, note, items, buffersize=3)
            return [paced(results, log, 20), len(away)]

    row, away = read(seen, [list, int])
    in_executor(away)
    before, ahead, values = read_paced(row, 20)
    expect(
        before < 100,
        "All 100 items had been taken before the first result was asked for, as Executor.map does.",
    )
    expect(before <= 3, f"Before the first result was asked for, {before} items were taken.")
    shown = f"Items taken minus results handed over, after each of 20 results: {show(ahead)}"
    expect(max(ahead) <= 3, f"{shown}; with buffersize=3 it may be 3.")
    expect(same(values, list(range(20))), f"The items 0, 1, 2 … gave {show(values)}.")


@check(points=4, hint="The number of futures in your hands decides whether another item is taken.")
def test_look_ahead_of_any_size(student, rng):
    """The look-ahead holds for other sizes, slow consumers and long sources."""
    sizes = [1, 2, *rng.sample(range(4, 12), 2)]

    @student.observe(helpers=(placed,), sizes=sizes)
    def seen(module, sizes):
        from concurrent.futures import ThreadPoolExecutor

        found = []
        begin, note, away = placed()
        with ThreadPoolExecutor(3, initializer=begin) as pool:
            for size in sizes:
                items, log = counted(range(3000))
                results = module.map_bounded(pool, note, items, size)
                # With a pause now and then: a thread of theirs could run ahead.
                found.append(paced(results, log, 50, pause=0.002, every=10))
        return [found, len(away)]

    rows, away = read(seen, [[list] * len(sizes), int])
    in_executor(away)
    for size, row in zip(sizes, rows, strict=True):
        before, ahead, values = read_paced(row, 50)
        most = max(ahead)
        expect(same(values[-1], 49), "The 50th result of a long source was not that of its item.")
        expect(
            before <= size,
            "Before the first result was asked for, more than `buffersize` items had been taken.",
        )
        expect(
            most <= size,
            "While the consumer held a result, the items taken were more than `buffersize` ahead "
            f"of the results handed over (by {min(most - size, 999)}).",
        )
    from_a_server(student.within(wall=30), rng)


def from_a_server(student, rng):
    """The same with items from a server in another process, which keeps the account."""
    size, stops, secret = rng.randint(2, 6), rng.randint(4, 6), f"a{rng.randrange(10**12)}b"
    seen, account = beside_server(
        student, LIBRARY, pulled_from_a_server, {"secret": secret}, count=40, size=size, stops=stops
    )
    wanted = [f"{secret}{number}".upper() for number in range(stops)]
    expect(same(seen, wanted), "With items from a server, the results were not theirs.")
    read(account, [list] * stops)
    most = max(fetched - yielded for yielded, (_, fetched) in enumerate(account, 1))
    expect(
        most <= size,
        "While the consumer held a result, more items than `buffersize` beyond it "
        "had been fetched from a server.",
    )


@check(points=4, hint="Submit several before you wait for the first.")
def test_calls_overlap(student, rng):
    """While the consumer waits, buffersize calls are under way."""
    size = rng.randint(2, 5)

    @student.observe(size=size)
    def seen(module, size):
        import threading
        from concurrent.futures import ThreadPoolExecutor

        state, lonely = {}, []

        # Then, of each call, that it goes on only when the last one of the buffer has begun.
        began = [threading.Event() for _ in range(3 * size)]

        def chained(number):
            began[number].set()
            last = began[min(number + size, 3 * size) - 1]
            if not last.wait(1.5):
                lonely.append(number)
                for event in began:
                    event.set()
            return number

        with ThreadPoolExecutor(8) as pool:
            function, items = company(state, size, seconds=1.5), counted(range(2 * size))[0]
            row = drained(module.map_bounded(pool, function, items, size), 4 * size)
            items = counted(range(3 * size))[0]
            chain = drained(module.map_bounded(pool, chained, items, size), 6 * size)
            return [row, state["most"], chain, len(lonely)]

    row, most, chain, lonely = read(seen, [list, int, list, int])
    expect_drained(row, list(range(2 * size)), "With more workers than buffersize")
    expect(
        most > 1,
        "The calls ran one after the other: the result of each was waited for before the next "
        "was submitted.",
    )
    expect(most >= size, "Fewer calls were under way at once than `buffersize`, with free workers.")
    expect_drained(chain, list(range(3 * size)), "With calls that wait for one another")
    expect(
        same(lonely, 0),
        "After the first results, fewer calls were under way than `buffersize` while the consumer "
        "waited. Does the next item wait until all that were submitted are done?",
    )


@check(
    points=1, hint="`finally:` in a generator runs on close(), too: cancel what is in the deque."
)
def test_close_cancels(student, rng):
    """close() cancels the calls that have not begun, and does nothing else to the executor."""
    stop, size = ["close", rng.randint(1, 6)], rng.randint(4, 7)

    seen = student.run(gated, helpers=(placed,), stop=stop, count=40, buffersize=size)
    cancelled(seen, stop, size)

    # Another executor, which need not begin first what was submitted first.
    @student.observe(size=size)
    def seen(module, size):
        from concurrent.futures import Executor, Future
        from threading import Timer

        class Held(Executor):
            def submit(self, function, /, *args, **kwargs):
                futures.append(Future())
                if len(futures) == 1 or len(futures) > size + 1:
                    futures[-1].set_result(7)
                return futures[-1]

        futures = []
        results = module.map_bounded(Held(), abs, range(40), size)
        first = next(results)
        last = futures[-1]
        last.set_running_or_notify_cancel()
        timer = Timer(2, lambda: last.set_result(0))  # for those that wait for it
        timer.start()
        results.close()
        timer.cancel()
        gone = [future.cancelled() for future in futures[1:-1]]
        unused = module.map_bounded(Held(), abs, range(40), size)
        unused.close()
        ended = [next(one, "ended") == "ended" for one in (results, unused)]
        return [first, gone, ended]

    first, gone, ended = read(seen, [int, list[bool], [bool, bool]])
    expect(first == 7, "The first result was not that of the executor's first call.")
    expect(
        all(gone),
        "After close(), with an executor that had begun the last call before others, calls that "
        "had not begun were not cancelled.",
    )
    expect(ended[0], "After close(), the iterator gave another result.")
    expect(ended[1], "After close() before the first result, the iterator gave one.")


@check(points=1, hint="An exception from result() leaves the generator through its `finally`.")
def test_error_cancels(student, rng):
    """A call's exception comes in its place; calls that have not begun are cancelled."""
    stop, size = ["raise", rng.randint(1, 6)], rng.randint(4, 7)

    # The second time all the items have been taken when the call raises.
    # Both kinds are what waiting for a future raises, too, and here the function raises them.
    for kind, count, ahead in (
        ("cancelled", 40, size),
        ("timeout", stop[1] + 2, stop[1] + rng.randint(3, 9)),
    ):
        options = {"stop": stop, "count": count, "buffersize": ahead, "kind": kind}
        cancelled(student.run(gated, helpers=(placed,), **options), stop, ahead)


@check(points=1, hint="Catch nothing: what `next(items)` raises goes through your `finally`.")
def test_error_of_the_items(student, rng):
    """An exception of the items reaches the consumer; calls that have not begun are cancelled."""
    good = rng.randint(3, 9)

    @student.observe(good=good)
    def seen(module, good):
        import threading
        from concurrent.futures import ThreadPoolExecutor

        own = OSError("disk")

        def items():
            yield from range(good)
            raise own

        with ThreadPoolExecutor(2) as pool:
            row = drained(module.map_bounded(pool, abs, items(), 2), good + 1, own)

        # One worker, never more than one call ahead of the consumer, and the item after `count`
        # raises, the second time before there is a result. An answer that hands over first what
        # was submitted before need not cancel anything.
        late = 0
        for count, size in ((8, 5), (5, 9)):
            begun, got, left, change = [], [], [], threading.Condition()

            def slow(number, begun=begun, got=got, left=left, change=change):
                begun.append(number)
                with change:
                    change.wait_for(lambda: len(got) >= number or left, 2)
                return number

            def items(count=count):
                yield from range(count)
                raise own

            with ThreadPoolExecutor(1) as pool:
                try:
                    for value in module.map_bounded(pool, slow, items(), size):
                        with change:
                            got.append(value)
                            change.notify_all()
                except OSError:
                    pass
                with change:
                    left.append(True)
                    change.notify_all()
            late += sum(number > len(got) + 1 for number in begun)
        return [*row, late]

    values, end, late = read(seen, [list, str, int])
    expect(not same(end, "end"), "The items raised, and the consumer was not told.")
    if not same(end, "own"):
        fail(f"The items raised an OSError; {error_name(end)} reached the consumer instead.")
    expect(
        same(values, list(range(len(values)))),
        "The results before the error of the items were not theirs.",
    )
    expect(
        same(late, 0),
        "After the items had raised, calls that had not begun yet were still run: their futures "
        "must be cancelled.",
    )


@check(points=1, hint="Check in a plain function that returns the generator of another.")
def test_refuses_sizes_below_one(student, rng):
    """A buffersize below 1 is a ValueError at the call, before any item is taken."""

    def call(module, log, size):
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(1) as pool:
            return module.map_bounded(pool, abs, (log.append(item) for item in range(9)), size)

    sizes = {f"buffersize={size}": {"size": size} for size in (0, -1)}
    sizes["a negative buffersize"] = {"size": -rng.randint(2, 1000)}
    noted = "With {what}, items were taken before the buffersize was looked at."
    expect_refusals(student, call, sizes, Refusal("ValueError", noted=noted))


@check(points=1, hint="When the items are at their end, the deque is not.")
def test_short_sources(student, rng):
    """No items, fewer than buffersize, lists, items and results of None; any executor."""
    values = [rng.randint(-(10**6), 10**6) for _ in range(rng.randint(4, 7))]

    @student.observe(values=values)
    def seen(module, values):
        from concurrent.futures import Executor, Future, ThreadPoolExecutor

        def function(value):
            return [value]

        found = []
        with ThreadPoolExecutor(2) as pool:
            for items, size in (
                ([], 3),
                (iter(()), 1),
                (values[:2], 50),
                (tuple(values), 3),
                (values, len(values)),
                (iter(values), 1),
            ):
                results = module.map_bounded(pool, function, items, size)
                found.append([drained(results, 50), iter(results) is results])

        class Inline(Executor):
            """The least that an executor is: it does what is submitted at once."""

            def submit(self, function, /, *args, **kwargs):
                future = Future()
                future.set_result(function(*args, **kwargs))
                return future

        for work, items, size in (
            (function, [None, 0, "", None, False], 2),
            (function, values, 3),
            (print, ["", "", ""], 2),  # returns None
        ):
            results = module.map_bounded(Inline(), work, items, size)
            found.append([drained(results, 50), iter(results) is results])
        return found

    empty = [None, 0, "", None, False]
    wanted = [[], [], values[:2], values, values, values, empty, values]
    whats = [
        "Without items",
        "With an empty iterator",
        "With fewer items than buffersize",
        "With a tuple of items",
        "With as many items as buffersize",
        "With buffersize=1",
        "With None, 0 and empty texts as items",
        "With an executor of another kind",
        "With calls that return None",
    ]
    wanted = [[[v] for v in value] for value in wanted] + [[None, None, None]]
    for entry, value, what in zip(read(seen, [list] * 9), wanted, whats, strict=True):
        row, iterator = read(entry, [list, bool])
        expect_drained(row, value, what)
        expect(iterator, "What came back is no iterator: iter(r) is not r.")


@check(points=1, hint="Pop a future before you hand its result over, and keep no list beside.")
def test_keeps_nothing(student, rng):
    """Items, futures and results that were handed over are not kept."""
    size = rng.randint(2, 6)

    @student.observe(size=size)
    def seen(module, size):
        import weakref
        from concurrent.futures import ThreadPoolExecutor

        class Box:
            def __init__(self, number):
                self.number = number
                references.append(weakref.ref(self))

        class Pool(ThreadPoolExecutor):
            def submit(self, function, /, *args, **kwargs):
                future = super().submit(function, *args, **kwargs)
                references.append(weakref.ref(future))
                return future

        def function(box):
            return Box(-box.number)

        references = []
        with Pool(2) as pool:
            results = module.map_bounded(pool, function, map(Box, range(3000)), size)
            for _ in range(200):
                last = next(results).number
            left = alive(references)
        return [last, left]

    last, left = read(seen, [object, int])
    expect(same(last, -199), "The 200th result was not that of its item.")
    # A full buffer has an item, a future and a result for each place; workers hold a few more.
    expect(
        left <= 3 * (size + 1) + 20,
        f"After 200 results, {left} of the items, futures and results were still kept somewhere: "
        "a list grows with every item.",
    )


@check(points=1, hint="Submit the function itself: `executor.submit(function, item)`.")
def test_works_with_processes(student, rng):
    """What is submitted can be pickled, as a process pool must."""
    count = rng.randint(4, 9)

    @student.with_files(kata_tasks=TASKS).observe(count=count)
    def seen(module, count):
        import multiprocessing
        import os
        import pickle
        from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

        import kata_tasks as tasks

        class Pickling(ThreadPoolExecutor):
            """Sends its jobs through pickle, as ProcessPoolExecutor does, without a process."""

            def submit(self, function, /, *args, **kwargs):
                try:
                    job = pickle.loads(pickle.dumps((function, args, kwargs)))
                except Exception:
                    refused.append(1)
                    raise
                return super().submit(job[0], *job[1], **job[2])

        refused = []
        with Pickling(2) as pool:
            items = map(tasks.Item, range(count))
            row = drained(module.map_bounded(pool, tasks.number_of, items, 3), 20)
        if "fork" not in multiprocessing.get_all_start_methods():
            return [row, len(refused), row, 0]
        fork = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(1, mp_context=fork) as pool:
            items = map(tasks.Item, range(count))
            found, end = drained(module.map_bounded(pool, tasks.number_and_process, items, 3), 20)
        pairs = [value if type(value) is list else [value, None] for value in found]
        away = sum(pid == os.getpid() for _, pid in pairs)
        return [row, len(refused), [[number for number, _ in pairs], end], away]

    row, refused, real, away = read(seen, [list, int, list, int])
    expect(
        refused == 0,
        "What was submitted cannot be pickled: a lambda or a function within your function. No "
        "process pool can take it.",
    )
    wanted = [3 * number for number in range(count)]
    expect_drained(row, wanted, "With an executor that pickles its jobs")
    expect_drained(real, wanted, "With a process pool")
    in_executor(away)
