"""Hidden grader of ``timed``."""

from autograder.checks import check, expect, fail, show

# -- in the sandbox ------------------------------------------------------------------------


def stage(name, takes, raises="", coroutine=False):
    """A function that takes so long on a clock of its own, and the log of what happened.

    Returns ``(function, clock, report, log, made)``; ``made`` holds the object that the
    function returned or raised.
    """
    import asyncio
    import builtins

    now, log, made = [1024.0], [], []

    def clock():
        return now[0]

    def report(name, seconds):
        log.append(["report", name, seconds])

    def work():
        log.append(["call"])
        now[0] += takes
        log.append(["end"])
        known = getattr(builtins, raises, None) or getattr(asyncio, raises, None)
        made.append(known("failure") if known else ["result"])
        if known:
            raise made[0]
        return made[0]

    def function():
        return work()

    async def coroutine_function():
        # Whatever it takes, it takes after it has let others run.
        await asyncio.sleep(0)
        result = work()
        await asyncio.sleep(0)
        return result

    chosen = coroutine_function if coroutine else function
    chosen.__name__, chosen.__qualname__ = name, f"Model.{name}"
    return chosen, clock, report, log, made


def drive(module, name, takes, raises="", coroutine=False, how="options"):
    """Decorate and call once; ``[how it ended, log]``."""
    import asyncio

    function, clock, report, log, made = stage(name, takes, raises, coroutine)
    if how == "call":
        decorated = module.timed(function, report=report, clock=clock)
    else:
        decorated = module.timed(report=report, clock=clock)(function)

    async def wait():
        # Caught in here: an event loop takes interrupts and cancelling for its own.
        try:
            return returned(await decorated())
        except BaseException as error:
            return ended(error)

    def returned(value):
        log.append(["caller"])
        return ["returned", value is made[0]]

    def ended(error):
        if not made:
            raise error  # a slip of theirs before the function ran: their line says more
        log.append(["caller"])
        return ["raised", error is made[0]]

    if coroutine:
        return [asyncio.run(wait()), log]
    try:
        return [returned(decorated()), log]
    except BaseException as error:
        return [ended(error), log]


# -- on the judge's side -------------------------------------------------------------------


def is_list(value, length):
    return type(value) is list and len(value) == length


def slip(got, takes):
    """In words, how this time came about instead of the right one."""
    if type(got) in (int, float) and got == takes * 1000:
        return "milliseconds were reported, not seconds"
    if type(got) in (int, float) and 0 < abs(got - takes) <= 0.5:
        return "the seconds were rounded; report them as they are"
    return (
        "the seconds are not the difference of two readings of the `clock` that was passed, "
        "before and after the function"
    )


def judge(student, rng, what, name="", public=False, takes=None, **options):
    """One call: what was reported when, and what the caller got."""
    name = name or f"epoch_{rng.randint(100, 999)}"
    if takes is None:
        takes = rng.randint(1, 9) + rng.randint(1, 1023) / 1024
    seen = student.run(drive, helpers=(stage,), name=name, takes=takes, **options)
    good = is_list(seen, 2) and is_list(seen[0], 2) and type(seen[1]) is list
    good = good and all(type(e) is list and e and type(e[0]) is str for e in seen[1])
    expect(bool(good), "The log of calls and reports is not what the check wrote.")
    end, log = seen
    events, reports = [e[0] for e in log], [e for e in log if e[0] == "report"]
    if events.count("call") != 1:
        fail(f"{what}: the function was called {events.count('call')} times for one call.")
    if not reports:
        why = " Code after the call is not reached then." if options.get("raises") else ""
        fail(f"{what}: nothing was reported.{why}")
    if len(reports) > 1:
        fail(f"{what}: it was reported {len(reports)} times.")
    if events == ["call", "end", "caller", "report"]:
        fail(f"{what}: it was reported only when the caller had gone on.")
    if events != ["call", "end", "report", "caller"]:
        why = "a coroutine function has only begun when its call returns; await it first"
        fail(f"{what}: it was reported before it had finished ({why}).")
    got = reports[0][1:]
    shown = f" Expected {show([name, takes])}, yours {show(got)}." if public else ""
    if not (is_list(got, 2) and type(got[0]) is str and got[0] == name):
        if is_list(got, 2) and type(got[0]) is str and got[0].endswith(f".{name}"):
            fail(f"{what}: it was reported by its `__qualname__`; `__name__` is asked for.")
        fail(f"{what}: report(name, seconds) was not given the function's name first.{shown}")
    if not (type(got[1]) in (int, float) and got[1] == takes):
        fail(f"{what}: {slip(got[1], takes)}.{shown}")
    wanted = ["raised" if options.get("raises") else "returned", True]
    if end[0] != wanted[0]:
        raised = "the exception was swallowed" if options.get("raises") else "it raised"
        fail(f"{what}: {raised}. timed only watches; the caller gets what there is to get.")
    if end[1] is not True:
        why = " Hand it on; do not wrap or replace it." if options.get("raises") else ""
        fail(f"{what}: the caller did not get the very object that the function {wanted[0]}.{why}")


# -- checks --------------------------------------------------------------------------------


@check(points=2, public=True, hint="Read the clock, call, read the clock again, report.")
def test_reports_a_call(student, rng):
    """@timed(report=…, clock=…) reports name and seconds of a call, and hands on its result."""
    judge(student, rng, "A call of train()", name="train", public=True)
    what = "A call during which the clock stood still"
    judge(student, rng, what, name="train", public=True, takes=0.0)


@check(points=2, public=True, hint="`function` is None in @timed(...): return a decorator then.")
def test_with_and_without_options(student):
    """@timed, @timed(), @timed(clock=…) and timed(function) all work; print is the default."""

    @student.observe()
    def seen(module):
        import contextlib
        import io

        now = [8.0]

        def train():
            now[0] += 0.25
            return "done"

        train.__qualname__ = "train"

        def clock():
            return now[0]

        found = []
        for how in ("@timed", "@timed()", "@timed(clock=clock)", "timed(train, clock=clock)"):
            out = io.StringIO()
            try:
                if how == "@timed()":
                    decorated = module.timed()(train)
                elif how == "@timed(clock=clock)":
                    decorated = module.timed(clock=clock)(train)
                elif how == "@timed":
                    decorated = module.timed(train)
                else:
                    decorated = module.timed(train, clock=clock)
                with contextlib.redirect_stdout(out):
                    result = decorated()
            except TypeError as error:
                result = error.args[0]
            found.append([how, result, out.getvalue()[:200]])
        return found

    good = is_list(seen, 4) and all(is_list(part, 3) for part in seen)
    expect(good, "The four ways to decorate did not answer.")
    for how, result, printed in seen:
        expect(
            type(result) is str and result == "done",
            f"With {how}, train() should return 'done'; it gave {show(result)}.",
        )
        words = printed.split() if type(printed) is str else []
        expect(
            len(words) == 2 and words[0] == "train",
            f"With {how}, `print(name, seconds)` is the report; it printed {show(printed)}.",
        )
        expect(
            "clock" not in how or words[1] == "0.25",
            f"With {how}, a clock that went from 8.0 to 8.25 gave {show(printed)}.",
        )


@check(points=2, public=True, hint="try … finally: the finally part runs however the try ends.")
def test_reports_a_failure(student, rng):
    """A call that raises is reported, and its exception reaches the caller."""
    judge(student, rng, "A call that raises ValueError", public=True, raises="ValueError")


@check(points=2, public=True, hint="An `async def` wrapper that awaits between its two readings.")
def test_times_a_coroutine(student, rng):
    """A coroutine function is timed until it finishes."""
    judge(student, rng, "A coroutine function", public=True, coroutine=True)


@check(points=1, hint="`except Exception` sees neither; `finally` sees everything.")
def test_reports_any_exception(student, rng):
    """Any exception is reported and passes: of coroutines too, interrupts and cancelling too."""
    for raises in ("KeyError", "KeyboardInterrupt", "GeneratorExit"):
        judge(student, rng, f"A call that raises {raises}", raises=raises, how="call")
    for raises in ("OSError", "CancelledError"):
        what = f"A coroutine function that raises {raises}"
        judge(student, rng, what, raises=raises, coroutine=True)


@check(points=1, hint="The clock on the wall can be set back; time.perf_counter cannot.")
def test_default_clock(student, rng):
    """The default clock is time.perf_counter."""

    # The clocks of the module `time` are replaced, and the file is imported anew, because
    # it may have taken one of them along at its import.
    @student.observe(takes=rng.randint(1, 999) / 64, back=rng.randint(100, 9999))
    def seen(module, takes, back):
        import importlib.util
        import time

        now, found = [512.0], []
        real = {name: getattr(time, name) for name in ("perf_counter", "time")}
        time.perf_counter = lambda: now[0]
        time.time = lambda: 1e9 - (now[0] - 512.0) * back
        try:
            spec = importlib.util.spec_from_file_location(module.__name__, module.__file__)
            again = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(again)

            @again.timed(report=lambda name, seconds: found.append(seconds))
            def function():
                now[0] += takes

            function()
        finally:
            for name, clock in real.items():
                setattr(time, name, clock)
        return [found, found == [takes]]

    good = is_list(seen, 2) and is_list(seen[0], 1)
    expect(good, "A call with the default clock was not reported once.")
    negative = type(seen[0][0]) in (int, float) and seen[0][0] < 0
    expect(
        not negative,
        "When somebody set the clock back, a call took less than no time: time.time is the "
        "clock on the wall. Durations are measured with time.perf_counter.",
    )
    expect(seen[1] is True, "Without a `clock`, the seconds were not those of time.perf_counter.")


@check(points=1, hint="What you report is the difference of two readings, nothing else.")
def test_real_clock(student, rng):
    """With the real clock it reports the time that the call took: no less, no more."""

    # The function reads the clock first and last of all, the caller before and after the call:
    # whatever the machine does meanwhile, what is reported lies between the two differences.
    @student.observe(
        name=rng.choice(["train", "load", "evaluate", "infer"]),
        naps=[rng.uniform(0.002, 0.02) for _ in range(4)],
    )
    def seen(module, name, naps):
        import asyncio
        import time

        reports, inner = [], []

        def nap(seconds):
            began = time.perf_counter()
            time.sleep(seconds)
            inner.append(time.perf_counter() - began)

        def fails(seconds):
            nap(seconds)
            raise LookupError

        async def later(seconds):
            began = time.perf_counter()
            await asyncio.sleep(seconds)
            inner.append(time.perf_counter() - began)

        def sums(seconds):
            began = time.perf_counter()
            sum(range(int(seconds * 1e6)))
            inner.append(time.perf_counter() - began)

        found = []
        for function, seconds in zip((nap, fails, later, sums), naps, strict=True):
            function.__name__ = name
            decorated = module.timed(report=lambda *report: reports.append(report))(function)
            began = time.perf_counter()
            try:
                asyncio.run(decorated(seconds)) if function is later else decorated(seconds)
            except LookupError:
                pass
            passed = time.perf_counter() - began
            found.append([inner[-1], reports[-1][-1] if reports else None, passed, len(reports)])
        return found

    expect(is_list(seen, 4) and all(is_list(part, 4) for part in seen), "The calls did not answer.")
    for number, (least, got, most, count) in enumerate(seen, 1):
        expect(count == number, "A call on the real clock was not reported once.")
        expect(type(got) is float, "The seconds are no float on the real clock.")
        expect(
            least <= got <= most,
            "On the real clock, what was reported is not the time of the "
            "call: it is less than the function took by itself, or more than passed until the "
            "caller had its result.",
        )


@check(points=1, hint="def wrapper(*args, **kwargs), and hand on both.")
def test_arguments_and_methods(student, rng):
    """Methods and functions get their arguments, whatever these are called."""
    a, b = rng.randint(1, 99), rng.randint(100, 999)

    @student.observe(a=a, b=b)
    def seen(module, a, b):
        import asyncio

        calls = []
        timed = module.timed(report=lambda name, seconds: calls.append(1))

        @timed
        def function(x, /, *more, report, clock=0, **others):
            return [x, list(more), report, clock, sorted(others)]

        @timed
        async def coroutine(x, *, report):
            return [x, report]

        class Model:
            def __init__(self, factor):
                self.factor = factor

            @timed
            def forward(self, x, bias=0):
                return self.factor * x + bias

            @staticmethod
            @timed
            def static(x):
                return -x

            @classmethod
            @timed
            def made(cls, x):
                return [cls is Model, x]

        tries = [
            lambda: function(a, b, report=b, clock=a, function=a, func=a, name=a),
            lambda: Model(a).forward(b, bias=1),
            lambda: Model(b).forward(x=a),
            lambda: Model.static(a),
            lambda: Model.made(b),
            lambda: asyncio.run(coroutine(b, report=a)),
        ]
        found = []
        for call in tries:
            try:
                found.append(call())
            except TypeError:
                found.append("TypeError")
        return [*found, len(calls)]

    others = ["func", "function", "name"]
    wanted = [[a, [b], b, a, others], a * b + 1, a * b, -a, [True, b], [b, a], 6]
    names = (
        "a function",
        "a method",
        "a method, by keyword",
        "a static method",
        "a class method",
        "a coroutine function",
    )
    expect(is_list(seen, 7), "The decorated methods did not answer.")
    for got, value, name in zip(seen, wanted, names, strict=False):
        why = " Does your wrapper hand on *args and **kwargs, and bind like a function?"
        expect(
            repr(got) == repr(value),
            f"The arguments of {name} did not reach it unchanged, or its result got lost.{why}",
        )
    expect(repr(seen[6]) == "6", "Not every call of a function or method was reported once.")


@check(points=1, hint="functools.wraps(function) on each wrapper.")
def test_metadata_kept(student, rng):
    """Name, docstring, signature and __wrapped__ are kept; a coroutine function stays one."""

    @student.observe(name=f"epoch_{rng.randint(100, 999)}")
    def seen(module, name):
        import asyncio
        import inspect

        def plain(model, *, steps=3):
            """Train it."""

        async def coroutine(model, *, steps=3):
            """Train it."""

        lost = []
        for function in (plain, coroutine):
            function.__name__ = name
            for decorated in (module.timed(function), module.timed(report=max)(function)):
                kept = {
                    "name": getattr(decorated, "__name__", None) == name,
                    "docstring": getattr(decorated, "__doc__", None) == "Train it.",
                    "signature": inspect.signature(decorated) == inspect.signature(function),
                    "__wrapped__": getattr(decorated, "__wrapped__", None) is function,
                }
                lost.append([what for what in kept if not kept[what]])
        tests = (inspect.iscoroutinefunction, asyncio.iscoroutinefunction)
        return [lost, any(test(decorated) for test in tests)]

    expect(is_list(seen, 2) and is_list(seen[0], 4), "The decorated functions could not be read.")
    for lost in seen[0]:
        expect(
            is_list(lost, 0),
            f"A decorated function lost these: {show(lost)}. Tracebacks and help() "
            "show your wrapper instead.",
        )
    expect(
        seen[1] is True,
        "inspect.iscoroutinefunction says no of a decorated coroutine function: a plain function "
        "or an object that returns a coroutine. Another decorator, say, would not await it.",
    )


@check(points=1, hint="When it began is a local variable of the wrapper.")
def test_calls_do_not_share(student, rng):
    """Calls that overlap have times of their own, functions their own names."""
    steps = [rng.randint(1, 999) / 32 for _ in range(3)]

    @student.observe(steps=steps)
    async def seen(module, steps):
        import asyncio

        now, log = [0.0], []
        timed = module.timed(
            report=lambda name, seconds: log.append([name, seconds]), clock=lambda: now[0]
        )

        def outer(depth):
            now[0] += steps[depth]
            return outer(depth - 1) if depth else None

        async def task(started, go_on):
            started.set()
            await asyncio.wait_for(go_on.wait(), 5)

        outer.__qualname__, task.__qualname__ = "outer", "task"
        outer, task = timed(outer), timed(task)
        outer(2)
        tasks, events = [], []
        for _ in range(2):
            events.append([asyncio.Event(), asyncio.Event()])
            tasks.append(asyncio.ensure_future(task(*events[-1])))
            await asyncio.wait_for(events[-1][0].wait(), 5)
            now[0] += steps[0]
        for number in range(2):
            events[number][1].set()
            await asyncio.wait([tasks[number]], timeout=5)
            now[0] += steps[1]
        return log

    a, b, c = steps
    wanted = [["outer", a], ["outer", a + b], ["outer", a + b + c]]
    good = is_list(seen, 5) and all(is_list(s, 2) for s in seen)
    expect(good, "Of a recursion three deep and two tasks, not every call was reported.")
    expect(
        [s[0] for s in seen] == ["outer"] * 3 + ["task"] * 2,
        "Of two functions decorated by what one timed(…) returned, one was reported under the "
        "name of the other.",
    )
    if repr(seen[:3]) != repr(wanted):
        fail("In a recursion the outer calls were not timed from their own beginning to their end.")
    wanted = [["task", 2 * a], ["task", a + b]]
    if repr(seen[3:]) != repr(wanted):
        fail(
            "Of two tasks at once, one's time was not from its own beginning to its own end. "
            "Is the beginning kept where the other one overwrites it?"
        )
