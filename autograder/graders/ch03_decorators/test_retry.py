"""Hidden grader of ``retry``."""

import math

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.decorating import WRAPS, expect_metadata
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.leftovers import polled
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals

# -- in the sandbox ------------------------------------------------------------------------


def scripted(outcomes, log, raised, coroutine):
    """A function that logs each call and then does what ``outcomes`` says.

    An outcome is ``["raise", name]`` or ``["return", value]``; the last one is repeated, but
    after 60 calls it returns, so that no loop of a wrong answer runs for ever.
    """
    import asyncio
    import builtins

    def function():
        log.append(["call", None])
        calls = sum(event == "call" for event, _ in log)
        if calls > 60:
            return "called without end"
        kind, value = outcomes[min(calls, len(outcomes)) - 1]
        if kind == "return":
            return value
        known = getattr(builtins, value, None) or getattr(asyncio, value)
        raised.append(known(f"failure {calls}"))
        raise raised[-1]

    async def coroutine_function():
        await asyncio.sleep(0)
        return function()

    return coroutine_function if coroutine else function


def drive(module, outcomes, options, kind):
    """Decorate, call once; ``[how it ended, log of calls and sleeps]``.

    ``kind`` is "plain", "coroutine" (with a coroutine ``sleep``), or "mixed": a coroutine
    function with a plain ``sleep``.
    """
    import asyncio
    import builtins

    log, raised = [], []

    def pause(seconds):
        log.append(["sleep", seconds])

    async def pause_coroutine(seconds):
        # Logged at its end: a sleep that nobody waits for comes too late, or never.
        for _ in range(3):
            await asyncio.sleep(0)
        log.append(["sleep", seconds])

    def ended(error):
        own = [number for number, known in enumerate(raised, 1) if known is error]
        # A slip in the student's code, not what the script raised: their line says more.
        slip = isinstance(error, (NameError, AttributeError, TypeError)) and kind != "mixed"
        if not raised or (slip and not own):
            raise error
        return ["raised", type(error).__name__, own[0] if own else 0]

    async def call():
        try:
            return ["returned", await decorated()]
        except BaseException as error:
            return ended(error)

    options = dict(options, sleep=pause_coroutine if kind == "coroutine" else pause)
    if "exceptions" in options:
        options["exceptions"] = tuple(getattr(builtins, name) for name in options["exceptions"])
    decorated = module.retry(**options)(scripted(outcomes, log, raised, kind != "plain"))
    if kind != "plain":
        return [asyncio.run(call()), log]
    try:
        return [["returned", decorated()], log]
    except BaseException as error:
        return [ended(error), log]


def failing(calls, most, coroutine=False):
    """A function that notes the moment of each call, and fails until the one numbered ``most``."""
    import asyncio
    import time

    def function():
        calls.append(time.monotonic())
        if len(calls) < most:
            raise OSError

    async def coroutine_function():
        await asyncio.sleep(0)
        function()

    return coroutine_function if coroutine else function


def waits_of_threads(module, options):
    """The sleeps of a call alone, and of two threads: one's whole call in the other's sleep."""
    import threading

    slept, threads = {"alone": [], "outer": [], "inner": []}, []
    function = failing([], 61)

    def pause(seconds):
        name = threading.current_thread().name
        slept[name].append(seconds)
        if name == "outer" and len(slept[name]) == 1:
            call("inner", decorated, 2)

    def call(name, decorated, seconds):
        def work():
            try:
                decorated()
            except Exception:
                pass

        thread = threading.Thread(target=work, name=name, daemon=True)
        threads.append(thread)
        thread.start()
        thread.join(seconds)

    call("alone", module.retry(**options, sleep=pause)(function), 2)
    decorated = module.retry(**options, sleep=pause)(function)
    call("outer", decorated, 4)
    threads[-1].join(2)
    return slept


async def waits_of_tasks(module, options):
    """The sleeps of a call alone, and of three tasks that take turns at every await."""
    import asyncio
    import contextvars

    slept = {"alone": [], "first": [], "second": [], "third": []}
    current, function = contextvars.ContextVar("current"), failing([], 61, coroutine=True)

    class Clock:
        async def sleep(self, seconds):
            slept[current.get()].append(seconds)
            await asyncio.sleep(0)

    async def client(name, decorated):
        current.set(name)
        try:
            await decorated()
        except Exception:
            pass

    alone = module.retry(**options, sleep=Clock().sleep)(function)
    await asyncio.create_task(client("alone", alone))
    decorated = module.retry(**options, sleep=Clock().sleep)(function)
    await asyncio.gather(*[client(name, decorated) for name in ("first", "second", "third")])
    return slept


def interrupted(module, options, moment):
    """Press ctrl-C while a plain function waits for its second attempt, with the default sleep.

    Returns ``[calls, how it ended]``. The alarm is set by the first call, and rings ``moment``
    seconds after it: whoever waits for as long as asked is waiting then. That does not depend on
    how busy the machine is: a signal that comes late still comes before the second call.
    """
    import signal
    import time

    calls = []
    attempt = failing(calls, 5)

    class Pressed(KeyboardInterrupt):
        pass

    def ring(number, frame):
        raise Pressed

    @module.retry(**options)
    def function():
        if not calls:
            signal.setitimer(signal.ITIMER_REAL, moment)
        attempt()

    before = signal.signal(signal.SIGALRM, ring)
    try:
        function()
        time.sleep(moment)  # it may have come back before the alarm
        end = "returned"
    except Pressed:
        end = "interrupted"
    except OSError:
        end = "gave up"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return [len(calls), end]


def in_a_thread(module, options, coroutine):
    """Let a thread call, and look a moment after the first call how many there have been.

    The thread is left waiting: the process ends before it does.
    """
    import asyncio
    import contextlib
    import threading
    import time

    calls = []

    def work():
        decorated = module.retry(**options)(failing(calls, 5, coroutine))
        with contextlib.suppress(OSError):
            asyncio.run(decorated()) if coroutine else decorated()

    threading.Thread(target=work, daemon=True).start()
    polled(lambda: not calls, seconds=5)
    time.sleep(0.06)
    return len(calls)


def real_waits(module, options, coroutine):
    """The waits with the default sleep, each as a multiple of what it should be."""
    import asyncio
    import itertools

    calls, attempts = [], options["max_attempts"]
    decorated = module.retry(**options)(failing(calls, attempts, coroutine))
    asyncio.run(decorated()) if coroutine else decorated()
    delay, backoff = options["delay"], options.get("backoff", 1)
    waits = [after - before for before, after in itertools.pairwise(calls)]
    return [wait / (delay * backoff**n) for n, wait in enumerate(waits)]


# -- on the judge's side -------------------------------------------------------------------

OS_ERROR, WORKS = ["raise", "OSError"], ["return", "42"]
SLEEPS = "The function was not called several times with sleeps between."


def is_seconds(value):
    return type(value) in (int, float) and 0 <= value < 1e12


def grown(got, max_attempts, delay, backoff):
    """Whether these are the waits of so many attempts, from delay upwards by backoff."""
    if len(got) != max_attempts - 1 or not all(map(is_seconds, got)):
        return False
    return all(math.isclose(g, delay * backoff**i, rel_tol=1e-9) for i, g in enumerate(got))


def growing(rng):
    """Random options of retry with which the waits show what became of them."""
    delay, backoff = rng.choice([0.25, 0.5, 3, 7.0]), rng.choice([1.25, 1.5, 2, 3.0])
    return {"max_attempts": rng.randint(4, 7), "delay": delay, "backoff": backoff}


class Run:
    """One call of a decorated function, and the judgement of what became of it.

    ``what`` begins the messages; they quote the events only in a public check.
    """

    def __init__(self, student, what, outcomes, kind="plain", public=False, **options):
        arguments = {"outcomes": outcomes, "options": options, "kind": kind}
        seen = student.run(drive, helpers=(scripted,), **arguments)
        read(seen, [list, list[[str, object]]], "The log of calls and sleeps")
        self.what, self.public, self.end = what, public, seen[0]
        self.events = [event for event, _ in seen[1]]
        self.slept = [seconds for event, seconds in seen[1] if event == "sleep"]

    def fail(self, words):
        fail(f"{self.what}: {words}")

    def called(self, calls):
        """Expect this many calls with a sleep between each two."""
        wanted, count = ["call", "sleep"] * (calls - 1) + ["call"], self.events.count("call")
        if self.events == wanted:
            return
        if self.events == [*wanted, "sleep"]:
            worked = same(self.end[:1], ["returned"])
            what = "a call that worked" if worked else "the final failure"
            words = f"slept after {what}. Your caller waits for nothing."
        elif self.events[:1] == ["sleep"]:
            words = "slept before the first call."
        elif count == calls + 1:
            words = "one attempt too many; max_attempts counts the first call, too."
        elif count != calls:
            words = f"the function was called too {'often' if count > calls else 'few times'}."
        elif not self.slept:
            words = "the `sleep` that was passed never ran (or was not awaited)."
        else:
            words = "calls and sleeps did not take turns."
        if self.public:
            cut = " ".join(self.events[:12]) + (" …" if len(self.events) > 12 else "")
            cut = cut or "nothing"
            words += f"\nExpected `{' '.join(wanted)}`,\nyours `{cut}`."
        self.fail(words)

    def passed_at_once(self, name, number, tried_again="it was tried again."):
        """Expect call ``number`` to be the last one, and its exception to arrive."""
        if self.events.count("call") > number:
            self.fail(tried_again)
        self.gave_up(name, number)

    def gave_up(self, name, number):
        """Expect so many calls, and the very exception that the last one raised."""
        self.called(number)
        self.raised(name, number)

    def worked(self, value, number):
        """Expect so many calls, and the value that the last one returned."""
        self.called(number)
        self.returned(value)

    def raised(self, name, number):
        """Expect the very exception that call ``number`` raised."""
        if same(self.end, ["raised", name, number]):
            return
        got = show(self.end[1:2])[1:-1]
        if same(self.end[:1], ["returned"]):
            words = f"it returned {got} as if it had worked. Raise the last exception."
        elif same(self.end, ["raised", name, 0]):
            words = "an exception of the same type arrived, but not the very object."
        elif same(self.end[:2], ["raised", name]):
            words = "the exception of an earlier attempt arrived, not that of the last one."
        else:
            words = (
                f"another exception arrived ({got}), not that of the last attempt. Wrapped in "
                "yours, it is not what the caller's `except` looks for."
            )
        self.fail(words)

    def returned(self, value):
        if same(self.end, ["returned", None]) and value is not None:
            self.fail("the result got lost; None was returned.")
        if not same(self.end, ["returned", value]):
            shown = f": {show(self.end)}" if self.public else "."
            self.fail(f"the result of the function did not come back{shown}")

    def waited(self, max_attempts, delay, backoff):
        """Expect the waits of so many attempts, from delay upwards by backoff."""
        if grown(self.slept, max_attempts, delay, backoff):
            return
        if not all(map(is_seconds, self.slept)):
            self.fail("sleep() was given something that is no number of seconds.")
        if len(set(self.slept)) == 1 and backoff != 1:
            self.fail("every sleep was as long as the first; backoff had no effect.")
        if grown(self.slept, max_attempts, delay * backoff, backoff):
            self.fail("the first sleep was multiplied by backoff already; it should last `delay`.")
        shown = f" Yours: {show(self.slept)}" if self.public else ""
        self.fail(f"the sleeps did not begin with delay and grow by the factor backoff.{shown}")


def judge_listed(student, rng, kind, where):
    """What is and what is not in ``exceptions``, for plain and for coroutine functions."""
    options = {"max_attempts": 3, "exceptions": ["ConnectionError", "KeyError"], "kind": kind}
    for name in rng.sample(["ValueError", "ZeroDivisionError", "OSError", "LookupError"], 2):
        what = f"After an exception that is not in `exceptions`{where}"
        Run(student, what, [["raise", name]], **options).passed_at_once(name, 1)
    subclass = "a subclass of a listed exception"
    for name, what in (("KeyError", "a listed exception"), ("ConnectionResetError", subclass)):
        run = Run(student, f"After {what}{where}", [["raise", name], WORKS], **options)
        if run.events.count("call") == 1:
            run.fail("it was not tried again.")
        run.returned("42")
    what = f"With a listed exception first, then one that is not listed{where}"
    run = Run(student, what, [["raise", "KeyError"], ["raise", "ValueError"]], **options)
    run.passed_at_once("ValueError", 2, "the second one was tried again, too.")


def judge_interrupts(student, kind):
    why = (
        "it was tried again, so whoever presses ctrl-C or cancels a task waits for every attempt. "
        "It does not derive from Exception: your code catches BaseException, or names it."
    )
    for name in ("KeyboardInterrupt", "SystemExit", "CancelledError"):
        for before in ([], [OS_ERROR]):
            what = f"After a {name} {'at the second attempt' if before else 'at once'}"
            run = Run(student, what, [*before, ["raise", name]], kind, max_attempts=4)
            run.passed_at_once(name, len(before) + 1, why)


# -- checks --------------------------------------------------------------------------------


@check(points=2, public=True, hint="A loop of attempts; return as soon as one of them succeeds.")
def test_tries_again_until_it_works(student):
    """A function that fails twice and then works is called three times, with two sleeps."""
    outcomes = [OS_ERROR, OS_ERROR, WORKS]
    what = "With max_attempts=3, delay=0.5 and two failures before the result '42'"
    run = Run(student, what, outcomes, public=True, max_attempts=3, delay=0.5)
    run.worked("42", 3)
    run.waited(3, 0.5, 1)


@check(points=2, public=True, hint="The last attempt needs no handler: let its exception out.")
def test_raises_the_last_error(student):
    """When every attempt fails, the last exception itself is raised, without another sleep."""
    what = "With max_attempts=3 and three failures"
    run = Run(student, what, [OS_ERROR], public=True, max_attempts=3, delay=2)
    run.gave_up("OSError", 3)


@check(
    points=2, public=True, hint="A coroutine function fails when it is awaited: await in the try."
)
def test_coroutine_functions_too(student):
    """A coroutine function that fails once is tried again, and a coroutine sleep is awaited."""
    what = "With a coroutine function that fails once, and a coroutine function as sleep"
    run = Run(student, what, [OS_ERROR, WORKS], "coroutine", True, max_attempts=3, delay=0.5)
    if run.events == ["call"]:
        run.fail(
            "it was not tried again. Calling it only makes a coroutine; its exception comes "
            "when that is awaited, and your try must be there."
        )
    if run.events[:2] == ["call", "sleep"] and run.events.count("call") == 1:
        run.fail(
            "it slept, and did not call the function anew. A coroutine can be awaited only once, "
            "so each attempt needs another."
        )
    if run.events[:2] == ["call", "call"]:
        run.fail(
            "the sleep was not called, or not awaited to its end. Calling a coroutine function "
            "only makes a coroutine; `await` runs it."
        )
    run.worked("42", 2)
    run.waited(2, 0.5, 1)


@check(points=1, hint="Count the calls for max_attempts=1, by hand.")
def test_counts_attempts(student, rng):
    """Any max_attempts: so many calls at most, one sleep fewer, fewer when one succeeds."""
    most, value = rng.randint(5, 12), rng.randint(100, 999)
    for attempts, what in ((1, "With max_attempts=1"), (most, "With a larger max_attempts")):
        run = Run(student, what, [["raise", "ValueError"]], max_attempts=attempts)
        run.gave_up("ValueError", attempts)
    for failures in (rng.randint(2, most - 2), most - 1):
        outcomes = [["raise", "RuntimeError"]] * failures + [["return", value]]
        run = Run(student, "With some failures before a result", outcomes, max_attempts=most)
        run.worked(value, failures + 1)


@check(points=1, hint="A result is a result, whatever its truth value.")
def test_a_result_ends_it(student, rng):
    """Any result ends the attempts at once, also None, 0 and an empty list."""
    for value in (rng.randint(100, 999), None, 0, False, "", []):
        what = f"With a second call that returns {'a number' if value else repr(value)}"
        run = Run(student, what, [OS_ERROR, ["return", value]], max_attempts=4)
        if run.events.count("call") > 2:
            run.fail("it was called again, as if it had failed.")
        run.returned(value)


@check(points=2, hint="Sleep first, then multiply; delay itself is the first wait.")
def test_delays_grow_by_backoff(student, rng):
    """The first sleep is delay, each later one backoff times the one before."""
    for scale in (1, 1000):
        options = growing(rng)
        options["delay"] *= scale
        run = Run(student, "With a backoff", [OS_ERROR], **options)
        if len(run.slept) < 3:
            run.fail("there were too few sleeps between the attempts.")
        run.waited(len(run.slept) + 1, options["delay"], options["backoff"])


@check(points=1, hint="The defaults of the signature, and time.sleep where no sleep is passed.")
def test_defaults(student):
    """Left out: three attempts, delays of a second without growth, and a real sleep."""
    run = Run(student, "With retry(sleep=…) and no other argument", [OS_ERROR])
    run.called(3)
    run.waited(3, 1.0, 1.0)

    options = {"max_attempts": 2, "delay": 0.03}
    waits = student.run(real_waits, helpers=(failing,), options=options, coroutine=False)
    expect(
        read(waits, [float], "The waits")[0] >= 0.9,
        "With the default sleep there was no wait, or a shorter one, between two attempts.",
    )


@check(points=2, hint="sleep(seconds) is all there is to it, however long they are.")
def test_default_sleep_waits_as_long_as_asked(student, rng):
    """With the default sleep it waits for a second or an hour, too, not only for a moment."""
    words = (
        "With the default sleep and {}, the second attempt came at once: the wait is left out or "
        "cut short where it is long."
    )
    part, seconds, minutes = (rng.uniform(*ends) for ends in ((0.2, 0.9), (3, 9), (60, 900)))
    seconds = rng.choice([seconds, round(seconds)])
    cases = [
        ("the default delay", {"max_attempts": 2}, rng.uniform(0.04, 0.08)),
        ("a delay of part of a second", {"max_attempts": 2, "delay": part}, 0.05),
        ("a delay of some seconds", {"max_attempts": 3, "delay": seconds}, rng.uniform(0.04, 0.08)),
        (
            "a delay of minutes",
            {"max_attempts": 4, "delay": minutes, "backoff": 2},
            rng.uniform(0.1, 0.5),
        ),
    ]
    for what, options, moment in cases:
        seen = student.run(interrupted, helpers=(failing,), options=options, moment=moment)
        calls, end = read(seen, [int, str])
        expect(calls == 1, words.format(what))
        expect(
            end == "interrupted",
            f"With the default sleep and {what}, it did not wait, or "
            "a KeyboardInterrupt while it waited did not reach the caller.",
        )

    # No wait is shorter than it was meant to be, however busy the machine is.
    delay, backoff = rng.uniform(0.01, 0.02), rng.choice([2, 3, 2.5])
    options = {"max_attempts": 4, "delay": delay, "backoff": backoff}
    for coroutine, of in ((False, ""), (True, " of a coroutine function")):
        waits = student.run(real_waits, helpers=(failing,), options=options, coroutine=coroutine)
        expect(
            min(read(waits, [float] * 3, "The waits")) >= 0.9,
            f"With the default sleep, a wait{of} was shorter than `delay` and `backoff` make it.",
        )
    for coroutine in (False, True):
        what, options, _ = cases[rng.randint(2, 3)]
        arguments = {"helpers": (failing,), "options": options, "coroutine": coroutine}
        calls = student.fresh().run(in_a_thread, **arguments)
        of = ", of a coroutine function" * coroutine
        expect(read(calls, int) > 0, "The function was not called.")
        expect(calls == 1, words.format(f"{what}{of}"))


@check(points=2, hint="The current wait and the count belong to one call: set them inside it.")
def test_every_call_starts_anew(student, rng):
    """Nothing is remembered: not by a decorated function, nor by a decorator used twice."""

    @student.observe(options=growing(rng))
    def seen(module, options):
        calls, slept = [], []

        def failing(name):
            def function():
                calls.append(name)
                if len(calls) <= 60:
                    raise OSError

            return function

        policy = module.retry(**options, sleep=slept.append)
        first, second = policy(failing("first")), policy(failing("second"))
        module.retry(2, 99, backoff=9, sleep=slept.append)(failing("third"))
        rows = []
        for function in (first, first, second, first):
            try:
                function()
            except Exception:
                pass
            rows.append([list(calls), list(slept)])
            calls.clear()
            slept.clear()
        return rows

    whats = {
        "The first call": "first",
        "The second call": "first",
        "A second function under one decorator": "second",
        "A call": "first",
    }
    (calls_before, slept_before), *_ = read(seen, [[list[str], list]] * 4, "What was called")
    for (calls, slept), (what, name) in zip(seen, whats.items(), strict=True):
        if not all(call == name for call in calls):
            fail(f"{what} called another function: the decorator itself holds the function.")
        if len(calls) != len(calls_before):
            fail(f"{what} had other attempts than the first: the count is kept outside the call.")
        if not same(slept, slept_before):
            fail(f"{what} slept otherwise than the first: the delay is kept outside the call.")
    expect(len(slept_before) > 1, SLEEPS)


def judge_sharing(student, rng, observation, what):
    """Nobody's sleeps may depend on who else is in the decorated function."""
    slept = student.run(observation, helpers=(failing,), options=growing(rng))
    expect(len(read(slept, dict[str, list], "The sleeps")) > 2, SLEEPS)
    alone, *others = slept.values()
    expect(len(alone) > 1, SLEEPS)
    expect(
        all(same(other, alone) for other in others),
        f"{what} called the function at once, and one of them slept otherwise than a call does "
        "that is alone: they share a variable, the current delay or the count.",
    )


@check(points=1, hint="Local variables of the wrapper; no nonlocal, no attribute.")
def test_threads_do_not_share(student, rng):
    """Threads that are in the decorated function at once each have their own delays."""
    judge_sharing(student, rng, waits_of_threads, "Two threads")


@check(points=1, hint="`except exceptions:` takes a tuple of classes as it is.")
def test_only_listed_exceptions(student, rng):
    """Exceptions that are not listed pass at once; listed ones and their subclasses are retried."""
    judge_listed(student, rng, "plain", "")


@check(points=1, hint="Exception is the default for a reason: see what does not derive from it.")
def test_interrupts_pass(student):
    """KeyboardInterrupt, SystemExit and CancelledError are never tried again by default."""
    judge_interrupts(student, "plain")


@check(points=1, hint="Check in retry() itself, before it returns the decorator.")
def test_arguments_checked_at_decoration(student, rng):
    """Unusable arguments are refused when the function is decorated."""
    unusable = {
        "max_attempts=0": {"max_attempts": 0},
        "a negative max_attempts": {"max_attempts": -rng.randint(1, 9)},
        "a negative delay": {"delay": -rng.choice([0.5, 1, 2.5])},
    }

    def call(module, **options):
        module.retry(**options)(lambda: None)

    accepted = "retry with {what} was accepted; it should be refused at decoration already."
    other = "retry with {what} should raise {error}; it raised {raised}."
    rule = Refusal("ValueError", accepted=accepted, other=other)
    expect_refusals(student, call, unusable, rule)
    rule = Refusal("TypeError", accepted=accepted, other=other)
    expect_refusals(student, call, {"max_attempts='three'": {"max_attempts": "three"}}, rule)


@check(points=1, hint="*args and **kwargs at every attempt, and a function as wrapper.")
def test_arguments_and_methods(student, rng):
    """Arguments reach every attempt, also on methods, class methods and static methods."""
    a, b = rng.randint(1, 99), rng.randint(100, 999)

    @student.observe(a=a, b=b)
    def seen(module, a, b):
        log = []

        def answer(owner, *values):
            log.append([owner, *values])
            if len(log) < 3:
                raise OSError
            return list(values)

        class Client:
            @module.retry(3, delay=0, sleep=lambda seconds: None)
            def method(self, a, *, b=0):
                return answer(type(self).__name__, a, b)

            @classmethod
            @module.retry(3, delay=0, sleep=lambda seconds: None)
            def of_class(cls, a, *, b=0):
                return answer(cls.__name__, a, b)

            @staticmethod
            @module.retry(3, delay=0, sleep=lambda seconds: None)
            def static(a, *, b=0):
                return answer("", a, b)

        rows = []
        for name in ("method", "of_class", "static"):
            log.clear()
            try:
                result = getattr(Client(), name)(a, b=b)
            except (AttributeError, TypeError, OSError) as error:
                result = type(error).__name__
            rows.append([result, list(log)])
        return rows

    kinds = (("method", "Client"), ("class method", "Client"), ("static method", ""))
    for (result, log), (kind, owner) in zip(read(seen, [[object, list]] * 3), kinds, strict=True):
        if same(result, "TypeError") or same(result, "AttributeError"):
            fail(
                f"Calling a decorated {kind} ended in a {result}: `self` or another argument got "
                "lost. Only a function (or an object with __get__) becomes a method."
            )
        if not same(log, [[owner, a, b]] * 3):
            fail(f"A decorated {kind} was not tried again with all of the same arguments.")
        expect(same(result, [a, b]), f"The result of a decorated {kind} did not come back.")


@check(points=1, hint="functools.wraps(function) on each wrapper.")
def test_metadata_kept(student, rng):
    """Name, docstring, signature and __wrapped__ are kept, of coroutine functions, too."""

    def decorators(module):
        return [module.retry()]

    expect_metadata(student, decorators, rng, kept=WRAPS, coroutine=True)


@check(points=2, hint="Whatever the plain wrapper does, the coroutine wrapper does with await.")
def test_coroutine_functions_follow_the_rules(student, rng):
    """Attempts, growing delays, last error and listed exceptions: for coroutine functions, too."""
    what = "With a coroutine function"
    for options in (growing(rng), {**growing(rng), "max_attempts": 1}):
        run = Run(student, what, [OS_ERROR], "coroutine", **options)
        run.gave_up("OSError", options["max_attempts"])
        run.waited(**options)
    run = Run(student, f"{what} that returns 0", [["return", 0]], "coroutine")
    run.worked(0, 1)
    judge_listed(student, rng, "coroutine", " in a coroutine function")


@check(points=1, hint="CancelledError must leave your wrapper, from a call and from a sleep.")
def test_cancelling_works(student):
    """Interrupts and cancellation pass through a coroutine function, also while it waits."""
    judge_interrupts(student, "coroutine")

    @student.observe()
    async def seen(module):
        import asyncio

        rows = []
        for place in ("call", "sleep"):
            events, reached = [], asyncio.Event()

            async def come_to(here, events=events, reached=reached, place=place):
                events.append(here)
                if here == place and not reached.is_set():
                    reached.set()
                    await asyncio.sleep(3600)

            async def pause(seconds, come_to=come_to):
                await come_to("sleep")

            @module.retry(max_attempts=3, delay=1, sleep=pause)
            async def function(come_to=come_to, events=events):
                await come_to("call")
                if len(events) < 60:
                    raise OSError

            task = asyncio.ensure_future(function())
            waiter = asyncio.ensure_future(reached.wait())
            await asyncio.wait([task, waiter], timeout=3, return_when="FIRST_COMPLETED")
            waiter.cancel()
            task.cancel()
            await asyncio.wait([task], timeout=3)
            rows.append([events, task.done() and task.cancelled()])
        return rows

    wanted = {"a call": ["call"], "a sleep": ["call", "sleep"]}
    read(seen, [[list[str], bool]] * 2, "What the tasks did")
    for (events, cancelled), (place, events_wanted) in zip(seen, wanted.items(), strict=True):
        if events != events_wanted:
            on = len(events) > len(events_wanted)
            words = "went on after that" if on else "never came that far"
            fail(f"A task that was to be cancelled during {place} {words}.")
        expect(cancelled, f"A task cancelled during {place} did not end as cancelled.")


@check(points=1, hint="Call sleep, then await what it returned only if it can be awaited.")
def test_plain_sleep_with_coroutine_function(student, rng):
    """A coroutine function with a plain `sleep`: it is called, and nothing awaited."""
    options = growing(rng)
    what = "With a coroutine function and a plain `sleep`"
    run = Run(student, what, [OS_ERROR], "mixed", **options)
    if same(run.end, ["raised", "TypeError", 0]):
        run.fail("it ended in a TypeError. Did you await what sleep returned? That is None here.")
    run.called(options["max_attempts"])
    run.waited(**options)
    run.raised("OSError", options["max_attempts"])


@check(points=1, hint="time.sleep stops the whole event loop; asyncio has a sleep that does not.")
def test_default_sleep_leaves_the_loop_free(student):
    """While a coroutine waits for its next attempt with the default sleep, other tasks run."""

    # On a busy machine a wait may pass without a turn for anybody, so longer ones are tried
    # before that is believed. A blocked loop gives no turns, however long the wait.
    @student.observe()
    async def seen(module):
        import asyncio
        import time

        for delay in (0.02, 0.08, 0.2, 0.4):
            events, moments = [], []

            async def ticker(events=events, delay=delay):
                while len(events) < 1000:
                    await asyncio.sleep(delay / 20)
                    events.append("tick")

            @module.retry(2, delay)
            async def function(events=events, moments=moments):
                events.append("call")
                moments.append(time.monotonic())
                if len(moments) == 1:
                    raise OSError

            other = asyncio.ensure_future(ticker())
            await asyncio.sleep(0)
            try:
                await function()
            except OSError:
                pass
            other.cancel()
            calls = [i for i, event in enumerate(events) if event == "call"]
            ticks = calls[-1] - calls[0] - 1 if calls else 0
            if ticks >= 5 or len(calls) < 2:
                break
        waited = (moments[-1] - moments[0]) / delay if moments else 0.0
        return [len(calls), waited, ticks]

    calls, waited, ticks = read(seen, [int, float, int])
    expect(calls == 2, "A coroutine function that failed once was not called twice.")
    expect(
        waited >= 0.9,
        "With the default sleep, a coroutine function did not wait for its next attempt. "
        "asyncio.sleep() only makes a coroutine: it has to be awaited.",
    )
    expect(
        ticks >= 5,
        "No other task ran while a coroutine function waited for its next attempt: the wait "
        "blocked the event loop, as time.sleep does.",
    )


@check(points=1, hint="The wrapper of a coroutine function is an `async def` itself.")
def test_stays_a_coroutine_function(student, rng):
    """A decorated coroutine function is a coroutine function, also as a method."""
    a, b = rng.randint(1, 99), rng.randint(100, 999)

    @student.observe(a=a, b=b)
    async def seen(module, a, b):
        import asyncio
        import inspect

        log = []

        class Client:
            @module.retry(2, delay=0, sleep=asyncio.sleep)
            async def fetch(self, a, *, b=0):
                log.append([type(self).__name__, a, b])
                if len(log) < 2:
                    raise OSError
                return a + b

        try:
            result = await Client().fetch(a, b=b)
        except (OSError, TypeError) as error:
            result = type(error).__name__
        tests = (inspect.iscoroutinefunction, asyncio.iscoroutinefunction)
        return [result, log, any(test(Client.fetch) for test in tests)]

    result, log, marked = read(seen, [object, list, bool], "What the coroutine method did")
    if not same(log, [["Client", a, b]] * 2):
        fail("A coroutine method was not tried again with `self` and the same arguments.")
    expect(same(result, a + b), "The result of a coroutine method did not come back.")
    expect(
        marked,
        "A decorated coroutine function is a plain function that returns a coroutine. Whatever "
        "asks inspect.iscoroutinefunction, another decorator say, will take it for a plain one.",
    )


@check(points=1, hint="Local variables of the coroutine wrapper; no nonlocal, no attribute.")
def test_tasks_do_not_share(student, rng):
    """Tasks that are in the decorated coroutine function at once each have their own delays."""
    judge_sharing(student, rng, waits_of_tasks, "Three tasks")
