"""Hidden grader of ``timed``."""

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.clocks import fake_clock, replaced
from autograder.judging.vocabulary.decorating import (
    expect_metadata,
    expect_method_calls,
    method_calls,
)
from autograder.judging.vocabulary.evidence import matches, read

# -- in the sandbox ------------------------------------------------------------------------


def stage(name, takes, raises="", coroutine=False):
    """A function that takes so long on a clock of its own, and the log of what happened.

    Where it takes an int, the clock counts in ints, as time.perf_counter_ns does.
    Returns ``(function, clock, report, log, ends)``; ``ends`` holds the object that the
    function returned or raised.
    """
    import asyncio
    import builtins

    clock, move = fake_clock(2**60 if isinstance(takes, int) else 1024.0)
    log, ends = [], []

    def report(name, seconds):
        log.append(["report", [name, seconds]])

    def work():
        log.append(["call", []])
        move(takes)
        log.append(["end", []])
        known = getattr(builtins, raises, None) or getattr(asyncio, raises, None)
        ends.append(known("failure") if known else ["result"])
        if known:
            raise ends[0]
        return ends[0]

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
    return chosen, clock, report, log, ends


def drive(module, name, takes, raises="", coroutine=False, how="options"):
    """Decorate and call once; ``[how it ended, log]``."""
    import asyncio

    function, clock, report, log, ends = stage(name, takes, raises, coroutine)
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
        log.append(["caller", []])
        return ["returned", value is ends[0]]

    def ended(error):
        if not ends:
            raise error  # a slip of theirs before the function ran: their line says more
        log.append(["caller", []])
        return ["raised", error is ends[0]]

    if coroutine:
        return [asyncio.run(wait()), log]
    try:
        return [returned(decorated()), log]
    except BaseException as error:
        return [ended(error), log]


# -- on the judge's side -------------------------------------------------------------------


def slip(got, takes):
    """In words, how this time came about instead of the right one."""
    if type(takes) is int and type(got) is not int:
        return "the clock counts in whole numbers, and the difference was converted"
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
    end, log = read(seen, [[str, bool], list[[str, list]]], "The log of calls and reports")
    events = [event for event, _ in log]
    reports = [arguments for event, arguments in log if event == "report"]
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
    reported, seconds = read(reports[0], [object] * 2)
    shown = f" Expected {show([name, takes])}, yours {show(reports[0])}." if public else ""
    if not same(reported, name):
        if type(reported) is str and reported.endswith(f".{name}"):
            fail(f"{what}: it was reported by its `__qualname__`; `__name__` is asked for.")
        fail(f"{what}: report(name, seconds) was not given the function's name first.{shown}")
    if not same(seconds, takes):
        fail(f"{what}: {slip(seconds, takes)}.{shown}")
    wanted = ["raised" if options.get("raises") else "returned", True]
    if end[0] != wanted[0]:
        raised = "the exception was swallowed" if options.get("raises") else "it raised"
        fail(f"{what}: {raised}. timed only watches; the caller gets what there is to get.")
    if not end[1]:
        why = " Hand it on; do not wrap or replace it." if options.get("raises") else ""
        fail(f"{what}: the caller did not get the very object that the function {wanted[0]}.{why}")


# -- checks --------------------------------------------------------------------------------


@check(points=2, public=True, hint="Read the clock, call, read the clock again, report.")
def test_reports_a_call(student, rng):
    """@timed(report=…, clock=…) reports name and seconds of a call, and hands on its result."""
    judge(student, rng, "A call of train()", name="train", public=True)
    what = "A call during which the clock stood still"
    judge(student, rng, what, name="train", public=True, takes=0.0)
    # More than 2**53: a float does not hold it.
    what = "A call on a clock that counts whole nanoseconds"
    judge(student, rng, what, name="train", public=True, takes=2**55 + 1)
    what = "A call during which the clock was set back"
    judge(student, rng, what, name="train", public=True, takes=-0.75)

    @student.observe()
    def handed_on(module):
        import asyncio
        import contextlib

        class Later:
            def __await__(self):
                yield from ()

        async def coroutine():
            return "done"

        loop = asyncio.new_event_loop()
        results = [Later(), coroutine(), loop.create_future(), iter([1]), (n for n in "a")]
        results += [coroutine, contextlib.nullcontext(), module.timed, None]
        found = []
        for result in results:
            reports = []
            decorated = module.timed(lambda r=result: r, report=lambda *a, r=reports: r.append(a))
            found.append([decorated() is result, len(reports)])
        results[1].close()
        loop.close()
        return found

    expect(
        same(handed_on, [[True, 1]] * 9),
        "A plain function returned a coroutine, a future, an iterator, another function or None, "
        "and the caller did not get that very object, or the call was not reported at its end.",
    )


@check(points=2, public=True, hint="`function` is None in @timed(...): return a decorator then.")
def test_with_and_without_options(student):
    """@timed, @timed(), @timed(clock=…) and timed(function) all work; print is the default."""

    @student.observe()
    def seen(module):
        import contextlib
        import io

        clock, move = fake_clock(8.0)

        def train():
            move(0.25)
            return "done"

        train.__qualname__ = "train"
        ways = {
            "@timed": lambda: module.timed(train),
            "@timed()": lambda: module.timed()(train),
            "@timed(clock=clock)": lambda: module.timed(clock=clock)(train),
            "timed(train, clock=clock)": lambda: module.timed(train, clock=clock),
        }
        found = []
        for how, decorate in ways.items():
            out = io.StringIO()
            try:
                decorated = decorate()
                with contextlib.redirect_stdout(out):
                    result = decorated()
            except TypeError as error:
                result = error.args[0]
            found.append([how, result, out.getvalue()[:200]])
        return found

    for how, result, printed in read(seen, [[str, object, str]] * 4):
        expect(
            same(result, "done"),
            f"With {how}, train() should return 'done'; it gave {show(result)}.",
        )
        words = printed.split()
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
    whole = rng.randint(2**54, 2**58) | 1
    for raises in ("KeyError", "KeyboardInterrupt", "GeneratorExit"):
        judge(student, rng, f"A call that raises {raises}", raises=raises, how="call")
    for raises, takes in (("OSError", whole), ("CancelledError", None)):
        what = f"A coroutine function that raises {raises}"
        judge(student, rng, what, raises=raises, coroutine=True, takes=takes)


@check(points=1, hint="The clock on the wall can be set back; time.perf_counter cannot.")
def test_default_clock(student, rng):
    """The default clock is time.perf_counter."""

    # The clocks of the module `time` are replaced, and the file is imported anew, because
    # it may have taken one of them along at its import.
    @student.observe(takes=rng.randint(1, 999) / 64, back=rng.randint(100, 9999))
    def seen(module, takes, back):
        import importlib.util

        clock, move = fake_clock(512.0)
        reports = []
        clocks = {"time.perf_counter": clock, "time.time": lambda: 1e9 - (clock() - 512.0) * back}
        with replaced(module, clocks):
            spec = importlib.util.spec_from_file_location(module.__name__, module.__file__)
            again = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(again)

            @again.timed(report=lambda name, seconds: reports.append(seconds))
            def function():
                move(takes)

            function()
        return [reports, reports == [takes]]

    read(seen, [list, bool])
    expect(len(seen[0]) == 1, "A call with the default clock was not reported once.")
    negative = type(seen[0][0]) in (int, float) and seen[0][0] < 0
    expect(
        not negative,
        "When the clock was set back, a call took less than no time: time.time is the "
        "clock on the wall. Durations are measured with time.perf_counter.",
    )
    expect(seen[1], "Without a `clock`, the seconds were not those of time.perf_counter.")


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
        import contextlib
        import time

        reports, inner = [], []

        @contextlib.contextmanager
        def measured():
            began = time.perf_counter()
            yield
            inner.append(time.perf_counter() - began)

        def nap(seconds):
            with measured():
                time.sleep(seconds)

        def fails(seconds):
            nap(seconds)
            raise LookupError

        async def later(seconds):
            with measured():
                await asyncio.sleep(seconds)

        def sums(seconds):
            with measured():
                sum(range(int(seconds * 1e6)))

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

    read(seen, [[float, object, float, int]] * 4, "What the calls took")
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
        import re

        calls = []
        # The names of its own parameters and variables are names like any other.
        with open(module.__file__, encoding="utf-8") as file:
            names = {*re.findall(r"[^\W\d]\w*", file.read()), "fn", "func", "kwargs", "target"}
        names -= {"self", "report", "clock"}
        timed = module.timed(report=lambda name, seconds: calls.append(1))

        @timed
        def function(x, /, *more, report, clock=0, **others):
            return [x, list(more), report, clock, others.keys() == names]

        @timed
        async def coroutine(x, *, report):
            return [x, report]

        ends = []
        for call in (
            lambda: function(a, b, report=b, clock=a, **dict.fromkeys(names, a)),
            lambda: asyncio.run(coroutine(b, report=a)),
        ):
            try:
                ends.append(call())
            except TypeError:
                ends.append("TypeError")
        return [ends, method_calls(timed, a, b), len(calls)]

    ends, methods, count = read(seen, [[object] * 2, list, int])
    wanted = [[a, [b], b, a, True], [b, a]]
    for got, value, name in zip(ends, wanted, ("function", "coroutine function"), strict=True):
        expect(
            same(got, value),
            f"The arguments of a {name} did not reach it unchanged, or its result got lost. Does "
            "your wrapper hand on *args and **kwargs?",
        )
    expect_method_calls(methods, a, b)
    expect(count == 6, "Not every call of a function or method was reported once.")


@check(points=1, hint="functools.wraps(function) on each wrapper.")
def test_metadata_kept(student, rng):
    """Name, docstring, signature and __wrapped__ are kept; a coroutine function stays one."""

    def decorators(module):
        return [module.timed, module.timed(report=max)]

    expect_metadata(student, decorators, rng, coroutine=True)


@check(points=1, hint="When it began is a local variable of the wrapper.")
def test_calls_do_not_share(student, rng):
    """Calls that overlap have times of their own, functions their own names."""
    steps = [rng.randint(1, 999) / 32 for _ in range(3)]

    @student.observe(steps=steps)
    async def seen(module, steps):
        import asyncio
        import threading

        clock, move = fake_clock()
        log = []
        timed = module.timed(report=lambda *report: log.append([*report]), clock=clock)

        def outer(depth):
            move(steps[depth])
            return outer(depth - 1) if depth else None

        async def task(started, go_on):
            started.set()
            await asyncio.wait_for(go_on.wait(), 5)

        def thread(started, go_on):
            started.set()
            go_on.wait(5)

        outer.__qualname__, task.__qualname__ = "outer", "task"
        outer, task, thread = timed(outer), timed(task), timed(thread)
        outer(2)
        tasks, events = [], []
        for _ in range(2):
            events.append([asyncio.Event(), asyncio.Event()])
            tasks.append(asyncio.ensure_future(task(*events[-1])))
            await asyncio.wait_for(events[-1][0].wait(), 5)
            move(steps[0])
        for number in range(2):
            events[number][1].set()
            await asyncio.wait([tasks[number]], timeout=5)
            move(steps[1])
        threads, events = [], []
        for _ in range(2):
            events.append([threading.Event(), threading.Event()])
            threads.append(threading.Thread(target=thread, args=events[-1], daemon=True))
            threads[-1].start()
            events[-1][0].wait(5)
            move(steps[0])
        for number in range(2):
            events[number][1].set()
            threads[number].join(5)
            move(steps[1])
        return log

    a, b, c = steps
    wanted = [["outer", a], ["outer", a + b], ["outer", a + b + c]]
    good = not matches(seen, [[str, object]] * 7)
    many = "Of a recursion three deep, two tasks and two threads, not every call was reported."
    expect(good, many)
    expect(
        [s[0] for s in seen] == ["outer"] * 3 + ["task"] * 2 + ["thread"] * 2,
        "Of three functions decorated by what one timed(…) returned, one was reported under the "
        "name of another.",
    )
    if not same(seen[:3], wanted):
        fail("In a recursion the outer calls were not timed from their own beginning to their end.")
    for name, rows in (("task", seen[3:5]), ("thread", seen[5:])):
        if not same(rows, [[name, 2 * a], [name, a + b]]):
            fail(
                f"Of two {name}s at once, one's time was not from its own beginning to its own "
                "end. Is the beginning kept where the other one overwrites it?"
            )
