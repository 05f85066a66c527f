"""Hidden grader of ``running_mean``."""

import itertools

from autograder.checks import check, expect, same, show
from autograder.judging.vocabulary import counted, read

# -- pieces of observations ---------------------------------------------------------------------


def plain(value):
    """A float (of any class of floats) as it is; otherwise the name of its type."""
    return float(value) if isinstance(value, float) else type(value).__name__


def means(module, values, kind="list"):
    """All means of some values, at most one more than there are: ``[lacks, means]``."""
    kinds = {"list": values, "tuple": tuple(values), "iterator": iter(values)}
    kinds["generator"] = (value for value in values)
    result = module.running_mean(kinds[kind])
    lacks = [name for name in ("__iter__", "__next__") if not hasattr(result, name)]
    found = []
    while not lacks and len(found) <= len(values):
        try:
            found.append(plain(next(result)))
        except StopIteration:
            break
    return [type(result).__name__ if lacks else "", found]


def pulled(module, values, most):
    """Take ``most`` means of an endless stream: ``[before, counts, means]``.

    ``before`` is how many values were taken by the call, ``counts`` how many after each mean.
    """

    import itertools

    source, log = counted(itertools.cycle(values), most=50 * most)
    counts, found, before = [], [], -1
    try:
        result = module.running_mean(source)
        before = len(log)
        for _ in range(most):
            found.append(plain(next(result)))
            counts.append(len(log))
    except StopIteration:
        pass
    except BaseException:
        if len(log) < 50 * most:  # otherwise the source has lost its patience
            raise
    return [before, counts, found]


def wanted_means(values):
    """The means so far; in floats of 53 bits, good enough for an error of 1e-9."""
    return [total / count for count, total in enumerate(itertools.accumulate(values), 1)]


def sizes(values):
    """The largest of the values so far, without its sign."""
    return list(itertools.accumulate(map(abs, values), max))


def near(found, wanted, size):
    """Within 1e-9 of the largest value so far; False for NaN and whatever is not a float."""
    return type(found) is float and abs(found - wanted) <= 1e-9 * size


def judge(seen, values, what, cause="Is something rounded, or forgotten?"):
    """Hold the evidence of `means` against what the values should give."""
    wanted = wanted_means(values)
    lacks, found = read(seen, [str, list], WHAT)
    expect(lacks == "", f"{what} the result was no iterator: next() does not work on it.")
    for mean in found:
        expect(type(mean) is float, f"{what} something was yielded that is no float.")
    expect(len(found) >= len(wanted), f"{what} there were fewer means than values.")
    expect(len(found) == len(wanted), f"{what} there were more means than values.")
    expect(all(map(near, found, wanted, sizes(values))), f"{what} some means are wrong. {cause}")


def some_values(rng, count, spread=1.0):
    """Positive floats."""
    return [spread * rng.uniform(1, 3) for _ in range(count)]


def stream(seed, count, middle):
    """Many floats, made on both sides from the same seed."""
    import random

    uniform = random.Random(seed).uniform
    return [middle + uniform(-2e6, 2e6) for _ in range(count)]


HELPERS = (plain,)
WHAT = "What running_mean gave"

# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="Keep the sum and the number of the values so far.")
def test_mean_so_far(student):
    """[4, 8, 3] gives 4.0, 6.0, 5.0."""
    seen = student.run(means, values=[4, 8, 3], helpers=HELPERS)
    lacks, found = read(seen, [str, list], WHAT)
    expect(
        lacks == "",
        f"The result is no iterator but of type {show(lacks)}. next() should give "
        "the first mean, and then the second.",
    )
    kinds = [mean for mean in found if type(mean) is str]
    expect(kinds == [], f"Every mean should be a float; there were some of type {show(kinds[:1])}.")
    expect(
        found != [4.0, 6.0, 4.5],
        "[4, 8, 3] gave 4.0, 6.0, 4.5: the mean of the last mean and "
        "the new value counts the newest value as much as all the others.",
    )
    expect(
        found == [4.0, 6.0, 5.0], f"[4, 8, 3] should give 4.0, 6.0, 5.0; yours gave {show(found)}."
    )


@check(points=2, public=True, hint="Yield inside the loop, for each value when it is there.")
def test_endless_values(student):
    """1, 2, 3, … without end: the first means are 1.0, 1.5, 2.0, 2.5."""

    @student.observe(helpers=(plain, pulled))
    def seen(module):
        return pulled(module, list(range(1, 1000)), 4)

    before, _, found = read(seen, [int, list, list], WHAT)
    expect(
        before != -1,
        "The call itself took hundreds of values of a stream that has no end. "
        "Such a call never returns: your code makes a list of the values first.",
    )
    expect(
        found != [],
        "The first next() took hundreds of values of a stream that has no end, and "
        "gave no mean: your code waits for the last value first.",
    )
    expect(
        found == [1.0, 1.5, 2.0, 2.5],
        f"The first four means of 1, 2, 3, … are 1.0, 1.5, 2.0, 2.5; yours were {show(found)}.",
    )


@check(points=1, hint="Multiply nothing, round nothing: divide the sum by the count.")
def test_any_values(student, rng):
    """Ints and floats, large and small, negative ones, one value, none; from any iterable."""
    size = rng.randint(20, 60)
    cases = {
        "With floats": some_values(rng, size),
        "With small floats": some_values(rng, size, spread=1e-7),
        "With large floats": some_values(rng, size, spread=1e15),
        "With negative floats": [-value for value in some_values(rng, size)],
        "With values of both signs": [rng.uniform(-3, 3) for _ in range(size)],
        "With ints": [rng.randint(1, 99) for _ in range(size)],
        "With ints and floats": [rng.choice([int, float])(rng.randint(3, 99)) for _ in range(size)],
        "With zeros among the values": [0, 0.0, *some_values(rng, 9), 0, *some_values(rng, 9), 0.0],
        "With equal values": [rng.uniform(1, 9)] * size,
        "With one value": [rng.randint(2, 9)],
        "With no values": [],
    }
    for what, values in cases.items():
        seen = student.run(means, values=values, helpers=HELPERS)
        judge(seen, values, what)
    for kind in ("generator", "iterator", "tuple"):
        values = some_values(rng, size)
        seen = student.run(means, values=values, kind=kind, helpers=HELPERS)
        judge(seen, values, f"From a{'n' if kind == 'iterator' else ''} {kind}")


@check(points=3, hint="A for loop asks for a value, your body runs, and only then for the next.")
def test_one_value_for_each_mean(student, rng):
    """Nothing is taken by the call, and exactly one value for each mean."""
    # Far enough for an answer that takes several values at a time once the stream is running.
    values, most = some_values(rng, 1300), rng.randint(1000, 1200)
    seen = student.run(pulled, values=values, most=most, helpers=HELPERS)
    before, counts, found = read(seen, [int, list[int], list], WHAT)
    expect(
        before != -1,
        "The call took value after value and came to no end: the whole stream is read first.",
    )
    expect(
        before == 0,
        "Values were taken from the stream by the call itself, before the "
        "first mean was asked for.",
    )
    expect(
        counts != [],
        "The first mean was not there after hundreds of values: the whole stream is read first.",
    )
    ahead = [count - place for place, count in enumerate(counts, 1)]
    expect(
        max(ahead) <= 0,
        "For the first mean one value is needed, and more had been taken: "
        "somewhere the next value is asked for before the mean is handed over."
        if ahead[0] > 0
        else "More values were taken than means handed over.",
    )
    expect(min(ahead) >= 0, "More means were handed over than values had been taken.")
    expect(len(counts) == most, "The means ended before the values did.")
    judge(["", found], values[:most], "From an endless stream")

    # How many an ordinary iterator of a list has left, Python knows by itself.
    @student.observe(helpers=HELPERS, values=values[: rng.randint(20, 400)])
    def steps(module, values):
        import operator

        source = iter(values)
        result = module.running_mean(source)
        left, found = [operator.length_hint(source)], []
        for _ in values:
            found.append(plain(next(result)))
            left.append(operator.length_hint(source))
        return [left, found]

    left, found = read(steps, [list[int], list], WHAT)
    expect(
        left == [*range(len(found), -1, -1)],
        "Of an ordinary iterator of a list, more or fewer "
        "values were taken than means handed over.",
    )
    judge(["", found], values[: len(found)], "From an iterator of a list")

    # What is put into a list later is there when its turn comes.
    @student.observe(helpers=HELPERS, values=values[:40])
    def growing(module, values):
        lists = [values[:1], values[:1]]
        early, late = map(module.running_mean, lists)
        lists[0].append(values[1])
        found = [plain(next(late))]
        lists[1] += values[1:]
        return [list(map(plain, early)), found + list(map(plain, late))]

    early, late = read(growing, [list, list], WHAT)
    judge(["", early], values[:2], "From a list that was added to after the call")
    judge(["", late], values[:40], "From a list that was added to after the first mean")

    @student.observe(helpers=HELPERS, values=values[:most])
    def failed(module, values):
        def source():
            yield from values
            raise ConnectionResetError("the sensor went away")

        found = []
        try:
            for mean in module.running_mean(source()):
                found.append(plain(mean))
        except Exception:
            return ["raised", found]
        return ["ended", found]

    how, found = read(failed, [str, list], WHAT)
    expect(
        how == "raised",
        "The stream failed on the way, and the means ended as if it had come "
        "to its end: exceptions are swallowed.",
    )
    judge(["", found], values[:most], "From a stream that failed on the way")

    kinds = ["IndexError", "KeyError", "TypeError", "ValueError", "AttributeError", "EOFError"]
    kinds += ["ZeroDivisionError", "OverflowError", "MemoryError", "KeyboardInterrupt"]

    @student.observe(kinds=kinds, values=values[:2])
    def passed(module, kinds, values):
        import builtins

        def source(error):
            yield from values
            raise error

        found = []
        for kind in kinds:
            error = getattr(builtins, kind)("the sensor went away")
            try:
                found.append(len(list(module.running_mean(source(error)))))
            except BaseException as caught:
                found.append(caught is error)
        return found

    expect(
        same(passed, [True] * len(kinds)),
        "The stream failed on the way with an exception of another kind (an IndexError, perhaps), "
        "and the means ended as if it had come to its end, or another exception came out.",
    )


@check(points=1, hint="How many digits has the number that you add to? float32 has seven.")
def test_precision(student, rng):
    """After many values around 1e9 the error is at most 1e-9 of the largest."""
    count, every = rng.randint(18_000, 22_000), 97
    seed, middle = rng.getrandbits(32), rng.uniform(0.9e9, 1.1e9)

    @student.observe(helpers=(plain, stream), seed=seed, count=count, middle=middle, every=every)
    def seen(module, seed, count, middle, every):
        found, length = [], 0
        for mean in module.running_mean(stream(seed, count, middle)):
            if length % every == 0 or length == count - 1:
                found.append(plain(mean))
            length += 1
            if length > count:
                break
        return [length, found]

    length, found = read(seen, [int, list], WHAT)
    expect(length == count, "There were not as many means as values.")
    means_so_far = wanted_means(stream(seed, count, middle))
    wanted = [m for n, m in enumerate(means_so_far) if n % every == 0 or n == count - 1]
    read(found, [object] * len(wanted), WHAT)
    expect(all(type(mean) is float for mean in found), "Some means are no floats.")
    expect(
        all(near(*pair, middle) for pair in zip(found, wanted, strict=True)),
        "On thousands of values around 1e9 the means are off by more than 1e-9. A sum in float32 "
        "keeps seven digits: it rounds away what each value adds.",
    )


@check(points=1, hint="What one call knows is in its own variables.")
def test_independent(student, rng):
    """Means of several streams may be taken in turn; the end stays the end."""
    streams = [some_values(rng, rng.randint(5, 9)) for _ in range(3)]

    @student.observe(helpers=HELPERS, streams=streams)
    def seen(module, streams):
        results = [module.running_mean(values) for values in streams]
        found = [[] for _ in streams]
        for _ in range(12):
            for result, kept in zip(results, found, strict=True):
                mean = next(result, None)
                if mean is not None:
                    kept.append(plain(mean))
        own = [iter(result) is result for result in results]
        return [found, own, sum(next(result, None) is not None for result in results)]

    found, own, again = read(seen, [[list] * 3, [bool] * 3, int], WHAT)
    for kept, values in zip(found, streams, strict=True):
        judge(
            ["", kept],
            values,
            "When three streams took turns,",
            "Do they share their sum, or their count?",
        )
    expect(own == [True] * 3, "The result is no iterator: iter(result) gives another object.")
    expect(again == 0, "After the end, iter(result) made it begin again.")


@check(points=2, kind="memory", hint="Two numbers are enough, however many values there were.")
def test_holds_no_list(student, baseline, rng):
    """Peak memory stays below 0.01x that of a list of the values."""
    count, kind = rng.randint(200_000, 250_000), rng.choice(["generator", "map"])

    def drive(module, count, kind):
        values = map((0.5).__mul__, range(count))
        if kind == "generator":
            values = (value * 0.5 for value in range(count))
        last = length = 0
        for mean in module.running_mean(values):
            last = mean
            length += 1
            if length > count:
                break
        return [length, float(last)]

    listed = "def running_mean(values):\n    return [value for value in values]\n"
    # Fractions take 5 µs per value, a torch tensor as the total 10 µs.
    side = student.within(wall=40.0, cpu=20.0)
    theirs = side.peak_memory(drive, count=count, kind=kind)
    whole = baseline(listed).peak_memory(drive, count=count, kind=kind)
    length, last = read(theirs.value, [int, float], WHAT)
    right = length == count and near(last, (count - 1) * 0.25, count * 0.5)
    expect(right, "Means of a long stream were lost, or the last of them is wrong.")
    # What a library touches when it is first used is no list: it is there after few values, too
    # (torch takes 9 MB, on a fresh machine 40 MB; NumPy 1 MB). More than that is not taken off, and
    # nothing that was held before the call. Pages come and go in steps of a few hundred kB.
    first_use = min(side.peak_memory(drive, count=1000, kind=kind).growth, 50e6)
    allowed = max(0.01 * whole.bytes, 0.3e6)
    grown = theirs.settled(first_use + allowed).bytes - first_use
    expect(
        grown <= allowed,
        f"From a thousand values to {count} memory grew by {grown / 1e6:.1f} MB; the limit is "
        f"{allowed / 1e6:.1f} MB, and a list of them takes {whole.megabytes:.1f} MB. The values "
        "appear to be kept.",
    )

    # Objects in memory, as Python counts them at any time, in the middle of a stream.
    @student.within(wall=40.0, cpu=20.0).observe(count=rng.randint(120_000, 150_000))
    def objects(module, count):
        import gc
        import sys

        found = []

        def values():
            for number in range(count):
                if number in (count // 10, count * 9 // 10):
                    found.append(sys.getallocatedblocks())
                yield number * 0.5

        gc.collect()
        length = 0
        for _ in module.running_mean(values()):
            length += 1
            if length > count:
                break
        return [length, *found]

    length, early, late = read(objects, [int] * 3, WHAT)
    expect(
        late - early <= 0.008 * length + 300,  # in the part between
        f"In the course of {length} values there came to "
        f"be {late - early} more objects in memory. The values appear to be kept.",
    )
