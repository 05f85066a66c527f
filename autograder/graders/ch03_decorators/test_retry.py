"""Hidden grader of ``retry``."""

import math

from autograder.checks import check, expect, fail, show


def scripted(log, outcomes):
    """A function that logs each call and then raises or returns the next of ``outcomes``.

    An outcome is ``["raise", name]`` or ``["return", value]``; after the last it repeats it.
    Every raised object is kept in ``function.raised``.
    """
    import asyncio
    import builtins

    def function(*args, **kwargs):
        log.append(["call", list(args), dict(kwargs)])
        calls = sum(event[0] == "call" for event in log)
        if calls > 60:
            raise SystemExit("called without end")
        kind, value = outcomes[min(calls, len(outcomes)) - 1]
        if kind == "return":
            return value
        known = getattr(builtins, value, None) or getattr(asyncio, value)
        error = known(f"failure {calls}")
        function.raised.append(error)
        raise error

    function.raised = []
    return function


def drive(module, outcomes, options):
    """Decorate, call once; how it ended, and the log of calls and sleeps."""
    log = []
    function = scripted(log, outcomes)
    if "exceptions" in options:
        import builtins

        options = {
            **options,
            "exceptions": tuple(getattr(builtins, name) for name in options["exceptions"]),
        }
    decorate = module.retry(sleep=lambda seconds: log.append(["sleep", seconds]), **options)
    decorated = decorate(function)
    try:
        end = ["returned", decorated()]
    except BaseException as error:
        if not function.raised:
            raise
        end = ["raised", type(error).__name__, error is function.raised[-1]]
    return [end, log]


def _log(seen):
    """The log as a list of words, e.g. ``["call", "sleep", "call"]``; empty for odd evidence."""
    if type(seen) is not list or len(seen) != 2 or type(seen[1]) is not list:
        fail("The log of calls and sleeps is not what the check wrote.")
    return [e[0] for e in seen[1] if type(e) is list and e and type(e[0]) is str]


def _sleeps(seen):
    found = [e[1] for e in seen[1] if type(e) is list and len(e) == 2 and e[0] == "sleep"]
    for seconds in found:
        if type(seconds) not in (int, float):
            fail(f"sleep() was called with a {type(seconds).__name__}, not with seconds.")
    return found


def _expected(attempts):
    return ["call", "sleep"] * (attempts - 1) + ["call"]


def _words(log):
    return " ".join(log[:14]) + (" …" if len(log) > 14 else "") or "nothing"


def _judge_log(log, attempts, what):
    """Compare a log with the one expected; names the known mistakes."""
    wanted = _expected(attempts)
    if log == [*wanted, "sleep"]:
        fail(
            f"Slept after the final failure.\n{what} expected `{_words(wanted)}`,\n"
            f"yours `{_words(log)}`. Your caller waits for nothing."
        )
    if log.count("call") == attempts + 1:
        fail(
            f"One attempt too many: max_attempts counts every call, the first one, too.\n"
            f"{what} expected `{_words(wanted)}`,\nyours `{_words(log)}`."
        )
    expect(log == wanted, f"{what} expected `{_words(wanted)}`,\nyours `{_words(log)}`.")


@check(points=2, public=True, hint="A loop of attempts; return as soon as one of them succeeds.")
def test_tries_again_until_it_works(student):
    """A function that fails twice and then works is called three times, with two sleeps."""
    outcomes = [["raise", "OSError"], ["raise", "OSError"], ["return", "42"]]
    seen = student.run(
        drive, outcomes=outcomes, options={"max_attempts": 3, "delay": 0.5}, helpers=(scripted,)
    )
    log = _log(seen)
    _judge_log(log, 3, "With max_attempts=3 and two failures:")
    if seen[0] == ["returned", None]:
        fail("The result got lost: the third attempt returned '42', your wrapper returned None.")
    expect(seen[0] == ["returned", "42"], f"Expected the result '42'; it {show(seen[0])}.")
    delays = _sleeps(seen)
    expect(delays == [0.5, 0.5], f"Expected sleeps of 0.5 s, 0.5 s; yours were {show(delays)}.")


@check(points=2, public=True, hint="The last attempt needs no handler: let its exception out.")
def test_raises_the_last_error(student):
    """When every attempt fails, the last exception itself is raised, without another sleep."""
    seen = student.run(
        drive,
        outcomes=[["raise", "OSError"]],
        options={"max_attempts": 3, "delay": 2},
        helpers=(scripted,),
    )
    log = _log(seen)
    _judge_log(log, 3, "With max_attempts=3:")
    if type(seen[0]) is list and seen[0][:1] == ["returned"]:
        fail(
            f"All three attempts failed, and the call returned {show(seen[0][1:])}: the caller "
            "takes the failure for a result. Raise the last exception."
        )
    if seen[0] != ["raised", "OSError", True]:
        kind = seen[0][1] if type(seen[0]) is list and len(seen[0]) > 1 else None
        if kind == "OSError":
            fail("The exception that arrived is an earlier one, not that of the last attempt.")
        fail(
            f"The last attempt raised an OSError; what arrived is another exception "
            f"({show(kind)}). Callers cannot catch what they know if you wrap it."
        )


@check(points=1, hint="Count the calls for max_attempts=1, by hand.")
def test_counts_attempts(student, rng):
    """Any max_attempts: so many calls at most, one sleep fewer."""
    for attempts in (1, rng.randint(4, 12)):
        seen = student.run(
            drive,
            outcomes=[["raise", "ValueError"]],
            options={"max_attempts": attempts, "delay": 1},
            helpers=(scripted,),
        )
        log = _log(seen)
        wanted = _expected(attempts)
        which = "With max_attempts=1" if attempts == 1 else "With a larger max_attempts"
        if log == [*wanted, "sleep"]:
            fail(f"{which}: slept after the final failure; nobody tries again after that sleep.")
        expect(
            log.count("call") == attempts,
            f"{which}: the function was not called exactly max_attempts times.",
        )
        expect(log == wanted, f"{which}: calls and sleeps did not take turns.")
        expect(seen[0] == ["raised", "ValueError", True], f"{which}: the last error got lost.")


@check(points=1, hint="A result is a result, whatever its truth value.")
def test_a_result_ends_it(student, rng):
    """Any result ends the attempts at once, also None, 0 and an empty list."""
    good = rng.randint(100, 999)
    for value in (None, 0, False, "", [], good):
        seen = student.run(
            drive,
            outcomes=[["return", value]],
            options={"max_attempts": 4, "delay": 1},
            helpers=(scripted,),
        )
        log = _log(seen)
        shown = "a number" if value == good else repr(value)
        expect(log == ["call"], f"A first call that returned {shown} was not the end of it.")
        end = seen[0]
        same = type(end) is list and len(end) == 2 and end[0] == "returned"
        same = same and type(end[1]) is type(value) and end[1] == value
        expect(bool(same), f"The function returned {shown}; the decorated one something else.")


@check(points=2, hint="The current delay belongs to one call, so it must be set anew in each.")
def test_delays_grow_by_backoff(student, rng):
    """Each sleep is backoff times the one before it, and every call starts with delay."""
    delay, backoff = rng.choice([0.25, 0.5, 3.0]), rng.choice([1.5, 2.0, 3.0])
    attempts = rng.randint(4, 6)

    @student.observe(delay=delay, backoff=backoff, attempts=attempts)
    def seen(module, delay, backoff, attempts):
        slept = []

        @module.retry(max_attempts=attempts, delay=delay, backoff=backoff, sleep=slept.append)
        def function():
            raise OSError

        found = []
        for _ in range(2):
            try:
                function()
            except OSError:
                pass
            found.append(list(slept))
            slept.clear()
        return found

    wanted = [delay * backoff**i for i in range(attempts - 1)]

    def same(got):
        return (
            type(got) is list
            and len(got) == len(wanted)
            and all(type(g) in (int, float) for g in got)
            and all(math.isclose(g, w, rel_tol=1e-9) for g, w in zip(got, wanted, strict=True))
        )

    expect(type(seen) is list and len(seen) == 2, "The sleeps could not be read.")
    first = seen[0] if type(seen[0]) is list else []
    if len(first) > 1 and all(s == delay for s in first):
        fail("Every sleep was as long as the first: backoff had no effect.")
    if first and type(first[0]) in (int, float) and math.isclose(first[0], delay * backoff):
        fail("The first sleep was already multiplied by backoff; it should last `delay`.")
    expect(same(seen[0]), "The sleeps did not grow by the factor backoff from one to the next.")
    expect(
        same(seen[1]),
        "The second call of the decorated function did not start with the first delay again: "
        "the delay is remembered between calls.",
    )


@check(points=1, hint="`except exceptions:` takes a tuple of classes as it is.")
def test_only_listed_exceptions(student, rng):
    """Exceptions that are not listed pass at once; listed ones and their subclasses are retried."""
    options = {"max_attempts": 3, "delay": 1, "exceptions": ["ConnectionError", "KeyError"]}
    for name in rng.sample(["ValueError", "ZeroDivisionError", "FileNotFoundError"], 2):
        seen = student.run(drive, outcomes=[["raise", name]], options=options, helpers=(scripted,))
        log = _log(seen)
        expect(log == ["call"], "An exception that is not in `exceptions` was tried again.")
        expect(seen[0] == ["raised", name, True], "An unlisted exception did not arrive as it was.")
    for name in ("KeyError", "ConnectionResetError"):
        outcomes = [["raise", name], ["return", "good"]]
        seen = student.run(drive, outcomes=outcomes, options=options, helpers=(scripted,))
        what = "a listed class" if name == "KeyError" else "a subclass of a listed class"
        expect(
            _log(seen) == _expected(2) and seen[0] == ["returned", "good"],
            f"An exception of {what} was not tried again.",
        )


@check(points=1, hint="Exception is the default for a reason: see what does not derive from it.")
def test_interrupts_pass(student):
    """KeyboardInterrupt, SystemExit and CancelledError are never tried again by default."""
    for name in ("KeyboardInterrupt", "SystemExit", "CancelledError"):
        seen = student.run(
            drive,
            outcomes=[["raise", name]],
            options={"max_attempts": 3, "delay": 1},
            helpers=(scripted,),
        )
        log = _log(seen)
        expect(
            log == ["call"],
            f"{name} was tried again ({_words(log)}): whoever presses ctrl-C or cancels a task "
            "waits for all attempts. It does not derive from Exception; something catches "
            "BaseException.",
        )
        expect(seen[0] == ["raised", name, True], f"{name} did not reach the caller.")


@check(points=1, hint="Check in retry() itself, before it returns the decorator.")
def test_arguments_checked_at_decoration(student):
    """Unusable arguments are refused when the function is decorated."""

    @student.observe()
    def seen(module):
        found = []
        for options in (
            {"max_attempts": 0},
            {"max_attempts": -2},
            {"delay": -1.0},
            {"max_attempts": "three"},
        ):
            try:
                module.retry(**options)(lambda: None)
                found.append("accepted")
            except NotImplementedError:
                raise
            except Exception as error:
                found.append([c.__name__ for c in type(error).__mro__])
        return found

    wanted = [
        ("max_attempts=0", "ValueError"),
        ("max_attempts=-2", "ValueError"),
        ("delay=-1.0", "ValueError"),
        ("max_attempts='three'", "TypeError"),
    ]
    expect(type(seen) is list and len(seen) == len(wanted), "The answers could not be read.")
    for got, (what, kind) in zip(seen, wanted, strict=True):
        expect(
            got != "accepted",
            f"retry({what}) was accepted at decoration: the mistake would show only when the "
            "function first fails.",
        )
        named = type(got) is list and kind in got
        expect(named, f"retry({what}) should raise {kind}; yours raised {show(got[:1])}.")


@check(points=1, hint="functools.wraps; *args, **kwargs; and a plain function as wrapper.")
def test_is_a_good_decorator(student, rng):
    """Arguments reach every attempt, methods work, name and docstring are kept."""
    first, second = rng.randint(1, 99), rng.randint(100, 999)

    @student.observe(first=first, second=second)
    def seen(module, first, second):
        log = []

        class Client:
            @module.retry(max_attempts=3, delay=0, sleep=lambda seconds: None)
            def fetch(self, a, *, b=0):
                """Fetch it."""
                log.append([isinstance(self, Client), a, b])
                if len(log) < 3:
                    raise OSError
                return a + b

        result = Client().fetch(first, b=second)
        return [Client.fetch.__name__, Client.fetch.__doc__, log, result]

    expect(type(seen) is list and len(seen) == 4, "What the method did could not be read.")
    expect(
        seen[0] == "fetch" and seen[1] == "Fetch it.",
        "The decorated function lost its name or docstring: tracebacks and help() show your "
        "wrapper instead.",
    )
    expect(
        seen[2] == [[True, first, second]] * 3,
        "Not every attempt got `self` and the same positional and keyword arguments.",
    )
    expect(seen[3] == first + second, "The method's result did not come back.")


@check(points=2, hint="A coroutine function needs a wrapper that awaits it inside the try.")
def test_coroutine_functions(student, rng):
    """Coroutine functions are retried, too, and a coroutine sleep is awaited."""
    attempts, value = rng.randint(3, 6), rng.randint(100, 999)

    @student.observe(attempts=attempts, value=value)
    async def seen(module, attempts, value):
        import asyncio

        ends, raised = [], []
        for failures in (attempts - 1, attempts):
            log = []

            async def pause(seconds, log=log):
                log.append("asleep")
                await asyncio.sleep(0)
                log.append("awake")

            @module.retry(max_attempts=attempts, delay=1, sleep=pause)
            async def function(a, log=log, failures=failures):
                log.append("call")
                await asyncio.sleep(0)
                if log.count("call") <= failures:
                    raised.append(OSError("no"))
                    raise raised[-1]
                return a

            pending = function(value)
            if not hasattr(pending, "__await__"):
                ends.append([type(pending).__name__, log])
                continue
            try:
                ends.append(["returned", await pending, log])
            except OSError as error:
                ends.append(["raised", error is raised[-1], log])
        return ends

    pause = ["asleep", "awake"]
    wanted = ["call", *[*pause, "call"] * (attempts - 1)]
    expect(type(seen) is list and len(seen) == 2, "What the coroutine did could not be read.")
    for got, end in zip(seen, (["returned", value], ["raised", True]), strict=True):
        expect(
            type(got) is list and len(got) == 3,
            "Calling a decorated coroutine function did not give something to await.",
        )
        log = got[2] if type(got[2]) is list else []
        expect(
            log != ["call"],
            "A coroutine function that failed was not tried again: its exception comes when it "
            "is awaited, outside your try.",
        )
        expect(
            "asleep" in log and log.count("asleep") == log.count("awake"),
            "The coroutine `sleep` was not called, or never awaited: calling it makes a "
            "coroutine, and only `await` runs it.",
        )
        expect(log == wanted, "Calls and sleeps of a coroutine function did not take turns.")
        expect(got[:2] == end, "A coroutine's result, or its last error itself, did not arrive.")


@check(points=1, hint="time.sleep stops the whole event loop; asyncio has a sleep that does not.")
def test_default_sleep_leaves_the_loop_free(student):
    """While a coroutine waits for its next attempt with the default sleep, other tasks run."""

    @student.observe()
    async def seen(module):
        import asyncio

        events = []

        @module.retry(max_attempts=2, delay=0.04)
        async def function():
            events.append("call")
            if events.count("call") < 2:
                raise OSError
            return "good"

        async def ticker():
            while True:
                await asyncio.sleep(0.002)
                events.append("tick")

        other = asyncio.create_task(ticker())
        result = await function()
        other.cancel()
        return [result, events]

    expect(
        type(seen) is list and len(seen) == 2 and type(seen[1]) is list and seen[0] == "good",
        "A coroutine function under the default sleep did not return its result.",
    )
    calls = [i for i, event in enumerate(seen[1]) if event == "call"]
    expect(len(calls) == 2, "The coroutine function was not called twice.")
    between = calls[1] - calls[0] - 1
    expect(
        between >= 2,
        "No other task ran between the two attempts: either the event loop was blocked (by "
        "time.sleep) or there was no wait.",
    )
