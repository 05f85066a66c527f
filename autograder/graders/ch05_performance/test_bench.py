"""Hidden grader of ``bench``."""

import math
import re
import statistics
from typing import NamedTuple

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.clocks import replaced
from autograder.judging.vocabulary.evidence import matches, read
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals

# -- in the sandbox ------------------------------------------------------------------------


def drive(module, durations, options, device=0, synced=False, fails=None, collector=True, tick=0):
    """Benchmark a function on a clock that only its own calls move on, by steps of ``tick``.

    Call number i takes ``durations[i]`` (the last one for all later calls), of which the part
    ``device`` (of 8) passes no earlier than in sync(). ``fails`` is the kind and number of an
    event that raises. Returns [how it ended, the log, whether the collector was left as found];
    in the log c is a call, C one with the collector on, t a reading of the clock, s a sync.
    """
    import gc

    now, pending, log, count = [0.0], [0.0], [], {"c": 0, "t": 0, "s": 0}
    planned = RuntimeError("planned")
    if fails and fails[1] % 2 == 0:
        planned = KeyboardInterrupt("planned")
    endless = KeyboardInterrupt("never ends")

    def collecting():
        return gc.isenabled() and gc.get_threshold()[0] > 0

    def note(token):
        if len(log) >= 40_000:
            raise endless
        log.append(token)
        kind = token.lower()
        count[kind] += 1
        if [kind, count[kind]] == fails:
            raise planned

    def step():
        took = durations[min(count["c"], len(durations) - 1)]
        note("C" if collecting() else "c")
        pending[0] += took * device / 8
        now[0] += took * (8 - device) / 8

    def sync():
        note("s")
        now[0] += pending[0]
        pending[0] = 0.0

    def clock():
        note("t")
        return now[0] // tick * tick if tick else now[0]

    if synced:
        options = {**options, "sync": sync}
    if not collector:
        gc.disable()
    before = collecting()
    try:
        result = module.bench(step, clock=clock, **options)
        ending = ["returned"]
        for name in ("best", "median"):
            value = getattr(result, name, None)
            real = isinstance(value, (int, float)) and not isinstance(value, bool)
            ending.append(float(value) if real else None)
        ending.append(getattr(result, "number", None))
    except BaseException as error:
        if error is endless:
            ending = ["endless"]
        elif error is planned:
            ending = ["planned"]
        elif fails is not None and "planned" in [str(error.__cause__), str(error.__context__)]:
            ending = ["other"]
        else:
            raise
    finally:
        left = collecting() == before
        gc.enable()
    return [ending, "".join(log), left]


# -- on the judge's side -------------------------------------------------------------------


class Run(NamedTuple):
    """Calls between two readings of the clock."""

    first: int  # how many calls there were before
    calls: int
    inside: str  # the events between the readings
    before: str  # the last call or sync before the first reading, if it is not a reading


def found_runs(log):
    """The runs in a log; readings with no call between them make none."""
    runs, calls, before, parts = [], 0, "", log.split("t")
    for number, part in enumerate(parts):
        count = part.lower().count("c")
        if count and 0 < number < len(parts) - 1:
            runs.append(Run(calls, count, part, before))
        calls += count
        before = part[-1:]
    return runs


def observed(student, durations, repeat=None, number=None, **more):
    """``[ending, log, left]`` of a benchmark, in good shape; options that are None are left out."""
    given = {"repeat": repeat, "number": number}
    options = {name: value for name, value in given.items() if value is not None}
    seen = student.run(drive, durations=durations, options=options, **more)
    ending, log, _ = read(seen, [list, str, bool], "The log of calls")
    good = ending != [] and re.fullmatch("[cCst]*", log) is not None
    expect(good, "The log of calls could not be read.")
    if same(ending, ["endless"]):
        fail(
            "The benchmark did not end: tens of thousands of calls, on a clock that "
            "had moved on by minutes. Is the `clock` that was passed read?"
        )
    return seen


def right(student, durations, repeat=None, number=None, **more):
    """Observe a benchmark, and judge all that can be asked of any."""
    seen = observed(student, durations, repeat, number, **more)
    judge(seen, durations, repeat or 5, number, synced=more.get("synced", False))
    return seen


def took(durations, first, calls, tick=0):
    """Seconds of so many calls as the difference of two readings of the drive's clock."""
    began = now = 0.0
    for number in range(first + calls):
        began = now if number == first else began
        now += durations[min(number, len(durations) - 1)]
    return now // tick * tick - began // tick * tick if tick else now - began


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-9)


def judge(seen, durations, repeat, number, public=False, synced=False, tick=0):
    """Hold a benchmark against its log. Without a ``number``, the reported one is judged by."""
    ending, log, _ = seen
    expect(
        not matches(ending, [str, float, float, int]),
        "bench() should return a Timing with numbers as `best` and `median` and an int `number`.",
    )
    best, median, reported = ending[1:]
    searched, number = number is None, number or reported
    runs = found_runs(log)
    expect(bool(runs), "The `clock` that was passed was not read before and after the calls.")
    counted = runs[-repeat:]
    counts = [run.calls for run in counted]
    if counts != [number] * repeat:
        seen_counts = f" They were {show(counts, 60)}." if public else ""
        why = "the clock is read twice in a run, however many calls it has"
        once = " One for each call:" if set(counts) == {1} else " Remember:"
        fail(f"There should be `repeat` runs of `number` calls each.{seen_counts}{once} {why}.")
    if synced:
        judge_sync(counted + (searching(runs, repeat, number) if searched else []))
    totals = [took(durations, run.first, number, tick) for run in counted]
    for name, got, middle in (("best", best, min), ("median", median, statistics.median)):
        wanted = middle(totals) / number
        values = f"\nExpected {wanted}, yours {got}." if public else ""
        expect(close(got, wanted), f"`{name}` {slip(got, wanted, totals, number)}.{values}")
    expect(reported == number, "`number` should be the number of calls in a run.")


def searching(runs, repeat, number):
    """The run by which the number was found, if it is not one of the counted ones.

    A warm-up may read the clock, too, but hardly between that many calls.
    """
    return [run for run in runs[:-repeat] if run.first > 0 and run.calls == number > 1]


def judge_sync(runs):
    for run in runs:
        expect(
            "s" not in run.inside.strip("s"),
            "sync() was called between the calls of a run: calls then never overlap on the "
            "device, and the price of waiting is counted for each.",
        )
        expect(
            run.inside.endswith("s"),
            "A run ended without sync(): the calls had returned, the work was not done, and the "
            "time is that of handing it over.",
        )
        expect(
            run.before == "s",
            "A run began without sync() before the clock was read: it pays for whatever was "
            "queued before it.",
        )


def slip(got, wanted, totals, number):
    """In words, how this value came about instead of the right one."""
    mean = statistics.fmean(totals)
    if close(got, wanted * number):
        return "is the time of a whole run: divide by `number`"
    if close(got, mean / number) or close(got, mean):
        return "is the mean: one disturbed run drags it along"
    if close(got, min(totals) / number):
        return "is that of the shortest run"
    if close(got, max(totals) / number):
        return "is that of the longest run"
    if len(totals) % 2 == 0 and any(close(got, total / number) for total in totals):
        return "of an even number of runs lies half-way between the middle two"
    if totals and any(close(got, total / number) for total in totals):
        return "is that of another run: sort by time first, and do not sort a part only"
    return "is not what the runs took on the clock, per call"


def some(rng, count, low=16, high=400):
    """Different durations, exact as floats, in eighths of which the device gets its part."""
    return [ticks / 64 for ticks in rng.sample(range(low, high), count)]


# How many runs where something else is asked: a slip with the median of an even number of them
# costs the check of the median, and no other now and then.
ODD = (3, 5)


# -- checks --------------------------------------------------------------------------------


@check(points=2, public=True, hint="(clock after the calls - clock before them) / number")
def test_seconds_per_call(student):
    """Three runs of four calls: best and median in seconds per call."""
    durations = [1.0, *[0.5] * 4, *[2.0] * 4, *[0.75] * 4, 0.625]
    seen = observed(student, durations, 3, 4)
    judge(seen, durations, 3, 4, public=True)


@check(points=1, public=True, hint="function() once, before the clock is read.")
def test_warm_up(student):
    """The first call, which takes 30 s here, is in no result."""
    durations = [30.0, *[0.5] * 8]
    seen = observed(student, durations, 1, 8)
    runs = found_runs(seen[1])
    expect(
        not runs or runs[-1].first > 0,
        "The very first call is in a run. It fills caches and compiles: call once before.",
    )
    judge(seen, durations, 1, 8, public=True)


@check(points=2, hint="min() and statistics.median() of the times of the runs.")
def test_best_and_median(student, rng):
    """Best and median are right for odd and even numbers of runs; there are five by default."""
    for repeat in (4, None, 1, 2, 7):
        number = rng.randint(2, 6)
        right(student, some(rng, 1 + (repeat or 5) * number + 8), repeat, number)


@check(points=2, hint="sync(), clock(), the calls, sync(), clock(): in every run.")
def test_sync(student, rng):
    """sync() is called before the clock is read, at both ends of each run and not in between."""
    for repeat, number in ((1, 1), (rng.choice(ODD), rng.randint(2, 9))):
        durations = some(rng, 1 + repeat * number)
        right(student, durations, repeat, number, device=6, synced=True)


@check(points=3, hint="Time a run; while it lasted less than 0.2 s, take a larger number.")
def test_finds_a_number(student, rng):
    """Without `number`, it grows from 1 until a run lasts 0.2 s of the clock."""
    slow_first = [3.0, rng.randint(1, 12) / 2048]  # the choice must not be left to the first call
    device = [0.125, rng.randint(1, 12) / 256]
    # Of a clock whose steps are longer than a call the first run may last no time. Ten of these
    # calls last 0.2 s on it, wherever they begin, so that growth by tens stops there.
    coarse = [7 / 256]
    cases = [(slow_first, 0, 0), (device, 7, 0), (coarse, 0, 1 / 16)]
    cases += [([0.0, 0.1875], 0, 0), ([0.5, 1.25], 0, 0), ([0.0, 0.2], 0, 0)]
    for durations, part, tick in cases:
        repeat, synced = rng.choice(ODD), part > 0
        seen = observed(student, durations, repeat, device=part, synced=synced, tick=tick)
        number = seen[0][-1]
        if type(number) is int and number > 0:
            judge_number(found_runs(seen[1]), durations, number, tick)
        judge(seen, durations, repeat, None, synced=synced, tick=tick)


def judge_number(runs, durations, number, tick):
    """Whether it was right to stop at this number, and not to stop before."""
    seconds = durations[-1]
    expect(
        number * seconds >= 0.2 - tick,
        "A `number` was found whose runs are shorter than 0.2 s of the clock. Is it chosen by "
        "the first call, or by another clock?",
    )
    tried = [r for r in runs if r.first > 0 and r.calls < number]
    expect(
        not any(took(durations, r.first, r.calls, tick) >= 0.2 for r in tried),
        "A run had lasted 0.2 s of the clock, and the number went on growing. Is the time up to "
        "the end of the work looked at (sync), and 0.2 s itself enough?",
    )
    # Ten times a run of 0.2 s that rounding has left a little below 0.2 is no fault.
    expect(
        number == 1 or number * seconds < 2 or math.isclose(number * seconds, 2),
        "The `number` is so large that a run lasts 2 s of the clock or more: begin with 1, and "
        "grow in smaller steps, also where the clock shows no time at all.",
    )


@check(points=1, hint="gc.disable() before the runs; gc.isenabled() says how it was found.")
def test_collector(student, rng):
    """The collector is off during the runs, and afterwards as it was, on or off."""
    for collector, given in ((True, rng.randint(2, 9)), (False, rng.randint(2, 9)), (True, None)):
        repeat = rng.choice(ODD)
        durations = some(rng, 1 + repeat * given) if given else [0.0, rng.randint(1, 12) / 256]
        ending, log, left = right(student, durations, repeat, given, collector=collector)
        runs = found_runs(log)
        found = searching(runs, repeat, ending[-1]) if given is None else []
        on = any("C" in run.inside for run in runs[-repeat:] + found)
        expect(not on, "The garbage collector was on during a run.")
        was = "on before, and off afterwards: anyone who calls bench() loses it for good"
        if not collector:
            was = "off before, and on afterwards: it had been switched off on purpose"
        expect(left, f"The garbage collector was {was}.")


@check(points=1, hint="try … finally, and no `except`.")
def test_errors(student, rng):
    """What function or sync raises reaches the caller, and the collector is as it was."""
    number = rng.randint(2, 9)
    for turn, (kind, event, what, given) in enumerate(
        (
            ("c", 1, "the first call raised", number),
            ("c", number + 2, "a call in the middle raised", number),
            ("c", 3, "a call raised while a number was looked for", None),
            ("s", 1, "sync() raised, ahead of the first run", number),
            ("s", 2, "sync() raised", number),
        )
    ):
        fails = {"synced": kind == "s", "fails": [kind, event], "collector": turn != 1}
        ending, _, left = observed(student, [0.0625], 3, given, **fails)
        expect(
            same(ending, ["planned"]),
            f"When {what}, the very exception did not reach the caller of bench().",
        )
        expect(left, f"When {what}, the garbage collector was not left as it had been found.")


@check(points=1, hint="The clock on the wall can be set back; time.perf_counter cannot.")
def test_default_clock(student, rng):
    """The default clock is time.perf_counter, and the figures are right on it."""
    on_the_real_clock(student, rng)

    # The clocks are replaced, and the file is imported again: it may have taken one along.
    @student.observe(takes=rng.randint(16, 999) / 64, number=rng.randint(2, 9))
    def seen(module, takes, number):
        import importlib.util

        now = [512.0]

        def step():
            now[0] += takes
            if now[0] > 1e6:
                raise RuntimeError("never ends")

        clocks = {
            "time.perf_counter": lambda: now[0],
            "time.perf_counter_ns": lambda: int(now[0] * 1e9),
            "time.time": lambda: 1e9 - now[0],
            "timeit.default_timer": lambda: now[0],
        }
        with replaced(module, clocks):
            spec = importlib.util.spec_from_file_location(module.__name__, module.__file__)
            again = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(again)
            result = again.bench(step, repeat=2, number=number)
        return [bool(result.best < 0), bool(abs(result.best / takes - 1) < 1e-6)]

    backwards, same_clock = read(seen, [bool, bool])
    expect(
        not backwards,
        "When the clock was set back, a call took less than no time: time.time is the "
        "clock on the wall.",
    )
    expect(same_clock, "Without a `clock`, the seconds were not those of time.perf_counter.")


def on_the_real_clock(student, rng):
    """A benchmark without any clock given, of calls that say themselves when they ran.

    A run lies between the end of the call before it and the begin of the call after it, and its
    own calls lie within it: whatever else the machine does, its time is between these two.
    """
    for options in ({"repeat": rng.choice(ODD), "number": rng.randint(2, 3)}, {"repeat": 1}):
        naps = [rng.uniform(0.002, 0.01) for _ in range(20)] if len(options) > 1 else [0.11]

        @student.observe(naps=naps, options=options)
        def seen(module, naps, options):
            import time
            import weakref

            log, on = [], []

            class Loop:
                """An object that refers to itself: only the collector ends it."""

                def __init__(self):
                    self.me = self

            def step():
                began, alive = time.perf_counter(), weakref.ref(Loop())
                junk = [[] for _ in range(6000)]  # enough for the collector to start by itself
                if len(log) > 200:
                    raise RuntimeError("never ends")
                nap = naps[len(log) % len(naps)]
                while len(log) % 2 and nap < 0.1 and time.perf_counter() < began + nap:
                    sum(range(50))
                if not len(log) % 2 or nap >= 0.1:
                    time.sleep(nap)
                del junk
                on.append(alive() is None)
                log.append([began, time.perf_counter()])

            result = module.bench(step, **options)
            after = time.perf_counter()
            figures = [result.best, result.median]
            real = [isinstance(x, (int, float)) and not isinstance(x, bool) for x in figures]
            return [list(map(float, figures)) if all(real) else real, result.number, log, after, on]

        figures, number, log, after, on = read(
            seen, [list, object, list[[float, float]], float, list[bool]]
        )
        numbers = not matches(figures, [float, float])
        expect(numbers, "bench() should return a Timing with numbers as `best` and `median`.")
        repeat = options["repeat"]
        fine = type(number) is int and options.get("number", number) == number
        expect(fine, "`number` should be the number of calls in a run.")
        enough = 1 <= number < 100 and len(on) == len(log) > repeat * number
        expect(enough, "Without a `clock`, fewer calls were made than a warm-up and the runs have.")
        expect(
            not any(on[-repeat * number :]),
            "The garbage collector ran by itself in the middle of a run.",
        )
        starts = range(len(log) - repeat * number, len(log), number)
        ends = [began for began, _ in log[1:]] + [after]
        least = [log[i + number - 1][1] - log[i][0] for i in starts]
        most = [ends[i + number - 1] - log[i - 1][1] for i in starts]
        names, middles = ("best", "median"), (min, statistics.median)
        for name, figure, middle in zip(names, figures, middles, strict=True):
            low, high = middle(least) / number - 1e-6, middle(most) / number + 1e-6
            expect(figure >= low, f"Without a `clock`, `{name}` was less than the calls took.")
            expect(figure <= high, f"Without a `clock`, `{name}` was more than the calls took.")
        if "number" not in options:
            slow = max(end - began for began, end in zip([log[0][0], *ends], ends, strict=False))
            expect(
                number > 1 or slow >= 0.2,
                "Without a `clock` and a `number`, one was found whose runs last less than 0.2 s.",
            )


@check(points=1, hint="Look at both before anything is called; a 0 is not a None.")
def test_wrong_arguments(student, rng):
    """A repeat or number below 1 is a ValueError, and nothing is called."""

    def call(module, log, options):
        def noting():
            log.append(1)
            if len(log) > 10_000:
                raise ValueError("never ends")
            return float(len(log))

        module.bench(noting, clock=noting, sync=noting, **options)

    cases = []
    for name in ("repeat", "number"):
        for what, value in ((f"{name}=0", 0), (f"a negative {name}", -rng.randint(1, 9))):
            cases.append((what, {"options": {"repeat": 2, "number": 2, name: value}}))
    cases.append(("repeat=0 and no number", {"options": {"repeat": 0}}))
    noted = "With {what}, the function, the clock or sync() was called first."
    expect_refusals(student, call, cases, Refusal("ValueError", noted=noted))
