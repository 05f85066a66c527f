"""Hidden grader of ``normalise_inplace``."""

import numpy as np

from autograder.checks import check, expect, fail, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.measures import expect_peak, traced_peak
from autograder.judging.vocabulary.refusals import (
    Refusal,
    error_of,
    expect_refusal,
    expect_refusals,
)

# -- pieces of observations ---------------------------------------------------------------------


def called(module, batch):
    """``[type of the result, is it the batch, its values, the batch's values now]``."""
    import numpy as np

    result = module.normalise_(batch)
    plain = np.array(result) if isinstance(result, np.ndarray) else None
    return [type(result).__name__, result is batch, plain, np.array(batch)]


def call(module, batch):
    """Normalise what must be refused."""
    module.normalise_(batch)


def peak_of(module, shape, dtype, transposed, seed):
    """Normalise a big batch made here: values before and after at some places, and the ends."""
    import numpy as np

    random = np.random.default_rng(seed)
    batch = np.empty(shape, dtype)
    random.random(dtype=batch.dtype, out=batch)
    batch *= 200
    batch -= 50
    batch = batch.T if transposed else batch
    ends = [float(batch.min()), float(batch.max())]
    places = (random.integers(0, batch.shape[0], 50), random.integers(0, batch.shape[1], 50))
    before = batch[places].astype("float64")
    result = module.normalise_(batch)
    return [result is batch, ends, before, batch[places].astype("float64")]


def scaled(batch):
    """What a batch should become, in float64."""
    values = batch.astype("float64")
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.zeros_like(values)


def rounding(batch):
    """How far rounding may lead a batch astray, with a lot of room."""
    spread = batch.max() - batch.min()
    if batch.dtype == np.float32 or spread == 0:
        return 1e-5
    return 1000 * np.finfo(np.float64).eps * np.abs(batch).max() / spread


def close(found, wanted, limit=1e-5):
    """Whether arrays agree up to rounding; False where something is not finite."""
    if not isinstance(found, np.ndarray) or found.shape != wanted.shape:
        return False
    if found.dtype.kind not in "fiub":
        return False
    return bool(np.all(np.abs(found.astype("float64") - wanted) <= limit))


def judge(seen, batch, what, limit=1e-5):
    """Hold the evidence of `called` against the batch as it was."""
    _, itself, result, now = read(seen, CALLED, WHAT)
    expect(now.dtype.kind == "f", f"{what} the batch no longer holds floats.")
    expect(result is not None, f"{what} it returned no array. The result is the batch itself.")
    wanted = scaled(batch)
    expect(now.shape == wanted.shape, f"{what} the batch has another shape than before.")
    in_place = close(now, wanted, limit)
    expect(
        in_place or not close(now, wanted),
        f"{what} the values are nearly right, but float64 "
        "has sixteen digits: is something computed in float32, or a small number added to the "
        "range?",
    )
    expect(
        in_place or not close(result, wanted),
        f"{what} the array that it returned is right, but the batch that was given "
        "is not changed: `batch = …`, astype and ravel make another array. In place is "
        "`-=`, `/=`, or out=batch.",
    )
    expect(
        in_place or not wanted.any() or not np.array_equal(now, batch),
        f"{what} the batch was not changed at all: "
        "what was scaled is a copy. ravel and reshape make one wherever the array is not "
        "contiguous.",
    )
    expect(bool(np.all(np.isfinite(now))), f"{what} NaN or infinity came out.")
    if not in_place:
        judge_values(now, wanted, what)
    expect(itself, f"{what} it returned another array than the one that was given.")


def judge_values(now, wanted, what):
    """Say what is wrong with the values."""
    flat = wanted.reshape(len(wanted), -1)
    alone = np.stack([scaled(row) for row in flat]).reshape(wanted.shape)
    expect(
        not close(now, alone) or len(wanted) == 1,
        f"{what} each sample was scaled by "
        "itself. The least and the largest value are those of the whole batch.",
    )
    expect(
        abs(float(now.min())) < 1e-3,
        f"{what} the smallest value of the batch is not 0: the "
        "smallest has to be taken away from all, before anything is divided.",
    )
    expect(
        bool(now.any() or not wanted.any()),
        f"{what} the batch became zeros, though its values "
        "differ. That is for equal values alone: ==, and no tolerance.",
    )
    expect(
        abs(float(now.max()) - 1) < 1e-3 or not wanted.any(),
        f"{what} the largest value "
        "of the batch is not 1. Divide by how far it lies above the smallest, and by no more: "
        "what is nothing beside large values is much beside small ones.",
    )
    fail(f"{what} some values are wrong.")


def make_batch(rng, shape, dtype, spread=1.0):
    """Values around some middle, as images or features have them."""
    random = np.random.default_rng(rng.getrandbits(32))
    return (random.normal(0, spread, shape) + rng.uniform(-4, 4) * spread).astype(dtype)


WHAT = "What normalise_ did to a batch"
CALLED = [str, bool, np.ndarray | None, np.ndarray]

# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="Take the smallest away, then divide by the range.")
def test_scales_in_place(student):
    """[[0, 5], [10, 20]] becomes [[0, 0.25], [0.5, 1]], in the array that was given."""
    batch = np.array([[0, 5], [10, 20]], dtype=np.float32)
    seen = student.run(called, batch=batch)
    kind, _, result, now = read(seen, CALLED, WHAT)
    expect(result is not None, f"It returned an object of type {show(kind)}, not the array.")
    expect(
        not np.array_equal(now, batch),
        f"It returned {show(result)}, but the array that was given is still "
        "[[0, 5], [10, 20]]: the result is in another array.",
    )
    expect(
        close(now, scaled(batch)),
        f"[[0, 5], [10, 20]] should become [[0, 0.25], [0.5, 1]]; yours is {show(now.tolist())}.",
    )
    judge(seen, batch, "With [[0, 5], [10, 20]]")


@check(points=1, public=True, hint="What is the largest value less the smallest one here?")
def test_constant_batch(student):
    """A batch of equal values becomes zeros."""
    batch = np.full((2, 3), 7, dtype=np.float32)
    seen = student.run(called, batch=batch)
    now = read(seen, CALLED, WHAT)[3]
    expect(
        not np.any(now != now),
        "A batch of sevens became NaN: its range is 0, and 0/0 is not a number.",
    )
    expect(not now.any(), f"A batch of sevens became {show(now.tolist())} instead of zeros.")
    judge(seen, batch, "With a batch of sevens")


ACCEPTED = (
    "{What} was accepted. Its array has no place for numbers between 0 and 1, and another array "
    "would not be in place."
)


@check(points=1, public=True, hint="Ask batch.dtype, before anything is changed.")
def test_integers_are_refused(student):
    """A batch of integers is a TypeError."""
    student.run(called, batch=np.eye(2, dtype=np.float32))  # it does take floats
    cases = {"a uint8 batch": {"batch": np.array([[0, 5], [10, 20]], dtype=np.uint8)}}
    expect_refusals(student, call, cases, Refusal("TypeError", accepted=ACCEPTED))


@check(points=2, hint="One smallest and one largest value, for the whole batch.")
def test_any_values(student, rng):
    """float32 and float64, any shape, any values: large, small, or close together."""
    size = rng.randint(3, 9)
    for shape, spread in (
        ((40,), 255),
        ((size, 5), 1.0),
        ((size, 4, 6), 0.01),
        ((2, 3, size, size), 20),
    ):
        for dtype in ("float32", "float64"):
            batch = make_batch(rng, shape, dtype, spread)
            seen = student.run(called, batch=batch)
            what = f"With a {len(shape)}-dimensional batch of {dtype}"
            judge(seen, batch, what, rounding(batch))
    batch = scaled(make_batch(rng, (5, size), "float64"))
    judge(student.run(called, batch=batch), batch, "With a batch that is scaled already")
    for dtype, spread, what in (
        ("float32", 1e-9, "With very small values"),
        ("float64", 1e-9, "With very small values"),
        ("float32", 1e-30, "With very small values"),
        ("float64", 1e-99, "With very small values"),
        ("float32", 1e37, "With very large values"),
        ("float64", 1e307, "With very large values"),
    ):
        batch = make_batch(rng, (5, size), dtype, spread)
        judge(student.run(called, batch=batch), batch, f"{what} of {dtype}", rounding(batch))
    for dtype in ("float32", "float64"):
        # Multiples of the smallest number that there is: 1 divided by their range is infinite.
        numbers = np.array(rng.sample(range(500), 12)).reshape(3, 4)
        batch = (numbers * np.finfo(dtype).smallest_subnormal).astype(dtype)
        what = f"With the smallest numbers of {dtype}"
        judge(student.run(called, batch=batch), batch, what, rounding(batch))
    batch = 1000 + make_batch(rng, (5, size), "float64", 1e-5)
    what = "With values that lie close together"
    judge(student.run(called, batch=batch), batch, what, rounding(batch))

    # One value more than any number of whole blocks.
    @student.observe(dtype=rng.choice(["float32", "float64"]))
    def seen(module, dtype):
        import numpy as np

        found = []
        for size in (10**6 + 1, 2**20 + 1):
            batch, wanted = np.arange(size, dtype=dtype), np.linspace(0, 1, size)
            module.normalise_(batch)
            found.append(float(np.abs(batch - wanted).max()))
        return found

    expect(
        all(error <= 1e-5 for error in read(seen, [float, float], WHAT)),
        "With a batch of a million values, some values are wrong. Are there blocks of which the "
        "last one is left out?",
    )


@check(points=2, hint="ravel and reshape copy what is not contiguous; `-=` works on any array.")
def test_any_layout(student, rng):
    """Slices with a step, transposed and reversed arrays: scaled where they lie."""
    layouts = {
        "With every other sample": [[None, None, 2], [None, None, None]],
        "With some of the columns": [[None, None, None], [1, -1, None]],
        "With the samples in reverse": [[None, None, -1], [None, None, None]],
        "With a slice of rows and columns": [[1, None, 3], [None, None, -2]],
    }
    for dtype in ("float32", "float64"):
        for what, cuts in layouts.items():
            whole = make_batch(rng, (rng.randint(8, 14), rng.randint(8, 14), 2), dtype)
            turned = rng.random() < 0.5

            @student.observe(helpers=(called,), whole=whole, cuts=cuts, turned=turned)
            def seen(module, whole, cuts, turned):
                batch = whole[tuple(slice(*cut) for cut in cuts)]
                return [called(module, batch.T if turned else batch), whole]

            read(seen, [list, np.ndarray], WHAT)
            place = tuple(slice(*cut) for cut in cuts)
            batch = whole[place]
            judge(seen[0], batch.T if turned else batch, f"{what} of a larger array")
            beside = whole.copy()
            beside[place] = scaled(batch)
            expect(
                close(seen[1], beside),
                f"{what}: the larger array behind the view does "
                "not show the result, or other parts of it were changed.",
            )


@check(points=1, hint="Decide by the values: is the largest above the smallest?")
def test_any_constant(student, rng):
    """Zeros from any equal values, from one value alone, and no NaN."""
    for value in (0, 1, -rng.uniform(0.1, 9), rng.uniform(1e5, 1e6), rng.uniform(0.1, 1) * 1e-6):
        for dtype, shape in (("float32", (4, 3, 2)), ("float64", (7,)), ("float32", (1, 1))):
            batch = np.full(shape, value, dtype=dtype)
            seen = student.run(called, batch=batch)
            judge(seen, batch, "With a batch of equal values")
            expect(not seen[3].any(), "A batch of equal values did not become zeros.")


@check(points=1, hint="np.issubdtype(batch.dtype, np.floating) tells.")
def test_every_integer_dtype(student, rng):
    """Every integer dtype is a TypeError, whatever the values are."""
    judge(student.run(called, batch=np.eye(3)), np.eye(3), "With a float64 batch")
    some, equal = np.arange(rng.randint(5, 90)), np.full((2, 3), rng.randint(1, 9))
    cases = {}
    for kind in ("int8", "uint8", "int16", "int32", "int64", "uint16", "uint64"):
        cases[f"a batch of {kind}"] = {"batch": some.astype(kind)}
        cases[f"a batch of {kind} of equal values"] = {"batch": equal.astype(kind)}
    expect_refusals(student, call, cases, Refusal("TypeError", accepted=ACCEPTED))


@check(points=1, hint="Writing into a read-only array raises by itself: let it.")
def test_read_only(student, rng):
    """A read-only batch is a ValueError and stays as it is."""
    judge(student.run(called, batch=np.eye(3)), np.eye(3), "With a batch that may be written")
    for dtype in ("float32", "float64"):
        some = make_batch(rng, (4, 5), dtype)
        for batch, what in (
            (some, "a read-only batch"),
            (np.full_like(some, some[0, 0]), "a read-only batch of equal values"),
            (scaled(some).astype(dtype), "a read-only batch that is scaled already"),
        ):

            @student.observe(batch=batch)
            def seen(module, batch):
                import numpy as np

                batch.flags.writeable = False
                return [error_of(lambda: module.normalise_(batch), "ValueError"), np.array(batch)]

            end, now = read(seen, [str, np.ndarray], WHAT)
            expect(
                bool(np.array_equal(now, batch)),
                f"The values of {what} were changed: its owner had a reason to lock it.",
            )
            accepted = (
                "{What} raised nothing: either it was handed back as it is, or the result is in "
                "another array."
            )
            expect_refusal(end, what, Refusal("ValueError", accepted=accepted))


USUAL = 6000 * 8 * 950  # bytes of the batch that is measured without any work


@check(points=3, kind="memory", hint="Every operator without an `=` at its end makes a new array.")
def test_extra_memory(student, baseline, rng):
    """Beside the batch itself, at most 0.1x its memory is needed."""
    size = 6000 * 8 * rng.randint(800, 1100)
    untouched = baseline("def normalise_(batch):\n    return batch\n")
    for dtype, transposed in (("float32", False), ("float64", True)):
        shape = [6000, size // 6000 // np.dtype(dtype).itemsize]
        work = {"dtype": dtype, "transposed": transposed, "seed": rng.getrandbits(32)}
        peak = student.peak_memory(peak_of, shape=shape, **work)
        kinds = [bool, [float, float], np.ndarray, np.ndarray]
        itself, (low, high), before, after = read(peak.value, kinds, WHAT)
        good = itself and low < high and close(after, (before - low) / (high - low))
        expect(good, "A big batch was not scaled in place.")
        # The same batch for all submissions: a judge measures it once.
        usual = {**work, "seed": 1, "shape": [6000, USUAL // 6000 // np.dtype(dtype).itemsize]}
        alone = untouched.peak_memory(peak_of, **usual).bytes - USUAL + size
        limit = alone + 0.1 * size
        if peak.bytes > limit:
            # What a library touches when it is first used (torch up to 40 MB) is no copy.
            limit += min(student.peak_memory(peak_of, shape=[9, 9], **work).growth, 50e6)
        expect_peak(
            peak,
            limit,
            f"Peak {{peak}} with a {dtype} batch of {{batch}}; the limit is {{limit}}, 0.1x of the "
            "batch more than without any work. Some line makes an array as large as the batch: "
            "`batch - low` is one, wherever it is then put.",
            batch=size,
        )

    # A batch of a more usual size.
    size, dtype = rng.randint(12_000_000, 24_000_000), rng.choice(["float32", "float64"])

    @student.observe(size=size, dtype=dtype, seed=rng.getrandbits(32))
    def seen(module, size, dtype, seed):
        import numpy as np

        random = np.random.default_rng(seed)
        samples = size // np.dtype(dtype).itemsize // 3000
        batch = random.normal(3, 9, (samples, 3, 1000)).astype(dtype)
        _, extra = traced_peak(lambda: module.normalise_(batch))
        ends = [float(batch.min()), float(batch.max())]
        batch[:] = batch[0, 0, 0] + 3
        _, equal = traced_peak(lambda: module.normalise_(batch))
        return [*ends, max(extra, equal)]

    low, high, extra = read(seen, [float, float, int], WHAT)
    expect(abs(low) < 1e-5 and abs(high - 1) < 1e-5, "A big batch was not scaled in place.")
    expect(
        extra <= 0.1 * size,
        f"A {dtype} batch of {size / 1e6:.0f} MB took {extra / 1e6:.1f} MB more while it was "
        f"scaled; the limit is {size / 1e7:.1f} MB (0.1x).",
    )
