"""Hidden grader of ``pairwise_sq``."""

import numpy as np

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.evidence import matches, read
from autograder.judging.vocabulary.measures import expect_peak
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals

# -- what runs in the sandbox ---------------------------------------------------------------


def distances(module, a, b):
    """``[the result or the name of its type, its dtype, a and b afterwards]``."""
    import numpy as np

    result = module.pairwise_sq(a, b)
    if not isinstance(result, np.ndarray):
        return [type(result).__name__, "", a, b]
    dtype = result.dtype.name
    plain = result.dtype.kind in "fiub" and result.size < 10**6
    return [result.astype("float64") if plain else "array", dtype, a, b]


def some_of(module, a, b, rows, columns):
    """A few of the values of a result that is too large to be sent."""
    result = module.pairwise_sq(a, b)
    if type(result) is not type(a):  # what computes values when it is asked has computed none
        return "no array"
    if result.shape != (len(a), len(b)):
        return "another shape"
    return result[rows, columns].astype("float64")


def timed(module, a, b, rows, columns):
    """Sums that depend on every value, and some values."""
    result = module.pairwise_sq(a, b)
    if type(result) is not type(a) or result.shape != (len(a), len(b)):
        return "no array of that shape"
    return [result.sum(axis=0), result.sum(axis=1), result[rows, columns]]


LOOP = """
import numpy as np

def pairwise_sq(a, b):
    centre = b.mean(axis=0)
    a_, b_ = a - centre, b - centre
    squares = (a_ * a_).sum(axis=1)[:, None] + (b_ * b_).sum(axis=1) - 2 * a_ @ b_.T
    for i in range(0, len(a), 3):
        for j in range(len(b)):
            squares[i, j] = ((a[i] - b[j]) ** 2).sum()
    return squares
"""


WHOLE = 2.7
"""How many times as long a loop over all pairs takes as this one, over every third row; what a call
costs besides is the same in both."""


# -- what the judge knows -------------------------------------------------------------------


WHAT = "What pairwise_sq returned"


def _exact(a, b):
    """The right values; the differences of float32 numbers are exact in float64."""
    return ((a[:, None].astype("float64") - b.astype("float64")) ** 2).sum(axis=-1)


def _points(rng, count, features, dtype, offset=0.0):
    """Points whose distances are about ``2 * features``, each feature moved by its own part."""
    random = np.random.default_rng(rng.getrandbits(32))
    return (random.normal(size=(count, features)) + offset).astype(dtype)


def _offset(rng, features, size):
    """A vector with both signs, so that its mean is not the offset of any feature."""
    signs = [1, -1] * features
    return np.array([rng.uniform(0.5, 1) * size * sign for sign in signs[:features]])


def _seen(student, a, b):
    """The result as float64, its dtype, and both arguments as they are afterwards."""
    seen = student.run(distances, a=a, b=b)
    result, dtype, *now = read(seen, [object, str, object, object], WHAT)
    if type(result) is str:
        missing = " Is a `return` missing?" if result == "NoneType" else ""
        fail(f"It returned no array of numbers.{missing}")
    read([result, *now], [np.ndarray] * 3, WHAT)
    expect(result.dtype.name == "float64", f"{WHAT} could not be read.")
    return result, dtype, *now


def _right(student, a, b, what):
    """Hold what comes of these points against what is right."""
    _judge(_seen(student, a, b)[0], a, b, what)


def _close(found, wanted):
    """Whether every value is right to 1e-5 of the scale; False where one is not finite."""
    alike = isinstance(found, np.ndarray) and found.shape == wanted.shape
    return alike and bool(np.all(np.abs(found - wanted) <= 1e-5 * wanted.max()))


def _judge(found, a, b, what):
    """Hold a result against the right one; names the known mistakes."""
    wanted = _exact(a, b)
    n, m, d = len(a), len(b), a.shape[1]
    if found.shape != wanted.shape:
        turned = found.shape == (m, n)
        hint = " It is the transpose: the rows of the result belong to a." * turned
        fail(f"{what}, the result does not have the shape (n, m).{hint}")
    expect(not np.isnan(found).any(), f"{what}, NaN came out.")
    if _close(found, wanted):
        return
    known = {
        "these are the distances, not their squares": np.sqrt(wanted),
        "each value is divided by the number of features: a mean in place of a sum": wanted / d,
        "a and b were moved by different vectors (each by its own mean, perhaps). Distances stay "
        "as they are only if both move by the same one": _exact(a - a.mean(0), b - b.mean(0)),
    }
    for mistake, values in known.items():
        expect(not (_close(found, values) and d > 1), f"{what}, {mistake}.")
    fail(f"{what}, values are wrong by more than 1e-5 of the largest.")


@check(points=1, public=True, hint="Subtract, square, and add up over the features.")
def test_small_example(student):
    """[[0, 0], [3, 4]] and [[0, 0], [0, 4], [6, 8]]: [[0, 16, 100], [25, 9, 25]]."""
    a = np.array([[0.0, 0.0], [3.0, 4.0]])
    b = np.array([[0.0, 0.0], [0.0, 4.0], [6.0, 8.0]])
    found = _seen(student, a, b)[0]
    if not _close(found, _exact(a, b)):
        _judge(found, a, b, f"It returned {show(found.tolist())}. Here")


@check(points=2, public=True, hint="Distances do not change when all points move.")
def test_small_example_far_away(student):
    """Three float32 points near (20000, -30000): distances of 1, 9 and 10, as anywhere."""
    a = np.array([[20000, -30000], [20001, -30000], [20000, -30003]], dtype=np.float32)
    found = _seen(student, a, a)[0]
    if found.shape != (3, 3):
        _judge(found, a, a, f"It returned {show(found.tolist())}. Here")
    expect(
        _close(found, _exact(a, a)),
        f"It returned {show(found.tolist())}; right is [[0, 1, 9], [1, 0, 10], [9, 10, 0]]. "
        "Squares of these coordinates are about 10⁹, and float32 has seven digits: where one is "
        "subtracted from another, noise is left.",
    )


@check(points=1, hint="a[i] - b[j], squared, summed over the last axis.")
def test_any_points(student, rng):
    """Any number of points and features, float32 and float64, any layout."""
    n, m = rng.sample(range(5, 40), 2)
    for dtype in ("float32", "float64"):
        for rows, columns, features in (
            (n, m, 32),
            (m, n, rng.randint(2, 9)),
            (1, n, 3),
            (n, 1, 2),
        ):
            a = _points(rng, rows, features, dtype)
            b = _points(rng, columns, features, dtype, rng.uniform(-3, 3))
            _right(student, a, b, f"With {dtype} points")
        a, b = _points(rng, n, 1, dtype), _points(rng, m, 1, dtype)
        _right(student, a, b, "With points of one feature")
    whole = _points(rng, 2 * n, 8, "float32")

    @student.observe(helpers=(distances,), whole=whole)
    def seen(module, whole):
        return distances(module, whole[::2, ::-2], whole[1::2, 1::2])[0]

    read(seen, np.ndarray, WHAT)
    _judge(seen, whole[::2, ::-2], whole[1::2, 1::2], "With slices of a larger array")


@check(points=1, hint="result.dtype, compared with a.dtype.")
def test_dtype(student, rng):
    """float32 in, float32 out; float64 in, float64 out."""
    for dtype in ("float32", "float64"):
        for n, m, d in ((6, 4, 5), (1, 4, 3), (6, 1, 3), (5, 4, 1), (1, 1, 2)):
            a, b = _points(rng, n, d, dtype), _points(rng, m, d, dtype)
            found, kind = _seen(student, a, b)[:2]
            expect(
                kind == dtype,
                f"With {n} and {m} {dtype} points the result is not of {dtype}. What is computed "
                "in another dtype has to come back.",
            )
            _judge(found, a, b, f"With {n} and {m} {dtype} points")


@check(points=1, hint="What should become of a value a little below zero? np.maximum.")
def test_never_negative(student, rng):
    """No value is below zero."""
    for dtype in ("float32", "float64"):
        for size in (0, 5):
            # Many, with the same points at the end: some ways go by blocks, and then the rest.
            count = rng.randint(1060, 1090) if size else 80
            near = _points(rng, count, 32, dtype, _offset(rng, 32, size))
            again = near[rng.sample(range(count - 60, count), 50)]
            for a, b in ((near, again), (again, near))[: 1 + bool(size)]:
                found = _seen(student, a, b)[0]
                right = found.shape == (len(a), len(b))
                expect(right, "The result does not have the shape (n, m).")
                below = int((found < 0).sum())
                expect(
                    below == 0,
                    f"{below} of {found.size} values are below zero: what rounding has left of a "
                    "zero. Anyone who takes the root gets NaN.",
                )
                expect(bool((found > 1).any()), "All values are zero, or nearly so.")


@check(points=1, hint="Where do the squares that you subtract from one another come from?")
def test_same_points(student, rng):
    """The distance of a point from itself is zero, to 1e-6 of the scale."""
    for dtype in ("float32", "float64"):
        for size in (0, 50):
            a = _points(rng, 30, 32, dtype, _offset(rng, 32, size))
            found = _seen(student, a, a.copy())[0]
            _judge(found, a, a, "With the same points on both sides")
            worst = np.abs(np.diag(found)).max()
            expect(
                bool(worst <= 1e-6 * _exact(a, a).max()),
                "Points have a distance from themselves, above 1e-6 of the largest distance.",
            )


@check(points=4, hint="A centre has one number for each feature, and is the same for a and b.")
def test_far_from_the_origin(student, rng):
    """Points that all lie far away have the distances that they have at the origin."""
    for dtype, size in (("float32", 3000), ("float64", 3e7)):
        offset = _offset(rng, 16, size)
        a, b = _points(rng, 25, 16, dtype, offset), _points(rng, 20, 16, dtype, offset)
        found = _seen(student, a, b)[0]
        if not (found.shape == (25, 20) and _close(found, _exact(a, b))):
            a, b = _points(rng, 9, 16, dtype), _points(rng, 8, 16, dtype, 2)
            _right(student, a, b, f"With {dtype} points")
            fail(
                f"With {dtype} points far from the origin, distances are wrong, although near the "
                "origin they are right: large squares are subtracted from one another. Move all "
                "points first, each feature by a number of its own. More digits alone do not "
                "help: float64 has no larger type behind it."
            )
        # Some ways are exact for few points only.
        a, b = _points(rng, 700, 16, dtype, offset), _points(rng, 600, 16, dtype, offset)
        rows, columns = (np.array([rng.randrange(n) for _ in range(300)]) for n in (700, 600))
        found = student.run(some_of, a=a, b=b, rows=rows, columns=columns)
        wanted = ((a[rows].astype("float64") - b[columns]) ** 2).sum(axis=1)
        expect(
            _close(found, wanted),
            f"With hundreds of {dtype} points far from the origin, distances are wrong, although "
            "those of a few points are right.",
        )


@check(points=1, hint="`a = a - centre` makes a new array; `a -= centre` changes the caller's.")
def test_arguments_are_left_alone(student, rng):
    """a and b are not changed."""
    for dtype in ("float32", "float64"):
        a, b = _points(rng, 70, 4, dtype, 2), _points(rng, 50, 4, dtype, 2)
        for points in (a, b):  # of many sizes: what is moved and moved back is not quite the same
            points[::2] *= np.array([[10.0 ** rng.uniform(-3, 0)] for _ in points[::2]], dtype)
        found, _, a_now, b_now = _seen(student, a, b)
        for name, before, now in (("a", a, a_now), ("b", b, b_now)):
            expect(
                same(now, before),
                f"The array {name} that was given is another one after the call: an operation in "
                "place wrote into it.",
            )
        _judge(found, a, b, f"With {dtype} points")


@check(points=1, hint="Points of 3 and of 5 features have no distance: that is a ValueError.")
def test_different_numbers_of_features(student, rng):
    """Points with different numbers of features are a ValueError."""
    few, many = rng.sample(range(2, 9), 2)
    a, b = _points(rng, 6, few, "float32"), _points(rng, 4, few, "float32")
    _right(student, a, b, "With float32 points")  # it does take good ones

    def call(module, a, b):
        module.pairwise_sq(a, b)

    counts = ((few, many, 6, 6), (many, few, 6, 6), (1, many, 6, 6), (many, 1, 6, 6))
    for left, right, n, m in (*counts, (1, many, 1, 5), (many, 1, 5, 1), (few, many, 1, 1)):
        a, b = _points(rng, n, left, "float32"), _points(rng, m, right, "float32")
        lone = " NumPy stretches an axis of length 1, and does not complain." * (1 in (left, right))
        rule = Refusal("ValueError", accepted="{What} were accepted." + lone)
        different = {"points with different numbers of features": {"a": a, "b": b}}
        expect_refusals(student, call, different, rule)


# Three arrays of the size of the result, as float64 ways for float32 need, are 0.1x.
@check(points=4, kind="memory", hint="Which of your arrays has three axes, and how long are they?")
def test_memory(student, rng):
    """The peak is at most 0.25x the array of all differences."""
    n, m, d = rng.randint(850, 900), rng.randint(800, 850), 32
    offset = _offset(rng, d, 3e7)
    a, b = _points(rng, n, d, "float64", offset), _points(rng, m, d, "float64", offset)
    random = np.random.default_rng(rng.getrandbits(32))
    rows, columns = random.integers(0, n, 200), random.integers(0, m, 200)
    peak = student.peak_memory(some_of, a=a, b=b, rows=rows, columns=columns)
    shaped = type(peak.value) is not str
    expect(shaped, "With many points, the result is no array of the shape (n, m).")
    wanted = ((a[rows].astype("float64") - b[columns]) ** 2).sum(axis=1)
    expect(
        _close(peak.value, wanted),
        "With hundreds of float64 points far from the origin, values are wrong, "
        "so that their memory was not looked at.",
    )
    whole = n * m * d * 8
    message = (
        f"Peak {{peak}} with {n} and {m} points; the limit is {{limit}}, 0.25x the {{whole}} of "
        "the array of all differences (n, m, d). Is that array made, or another that is not much "
        "smaller?"
    )
    expect_peak(peak, 0.25 * whole, message, whole=whole)


# The slowest honest way found (a loop over the rows) takes 0.03x, math.dist for each pair 0.18x.
@check(points=4, kind="performance", hint="No Python loop may run once for every pair.")
def test_speed(student, baseline, compare_speed, rng):
    """At most a tenth of the time of a Python loop over all pairs."""
    loop = baseline(LOOP)

    def inputs(_):
        rows = rng.sample(range(150, 162), 2)
        offset = _offset(rng, 32, 3e7)
        points = [_points(rng, n, 32, "float64", offset) for n in rows]
        some = [np.array([rng.randrange(n) for _ in range(30)]) for n in rows]
        return dict(zip(("a", "b", "rows", "columns"), points + some, strict=True))

    def close(mine, other):
        arrays = not matches([mine, other], [[np.ndarray] * 3] * 2)
        return arrays and all(
            x.shape == y.shape and bool(np.allclose(x, y, rtol=1e-3))
            for x, y in zip(mine, other, strict=True)
        )

    limit = 0.1 * WHOLE
    speed = compare_speed(student, loop, timed, inputs, at_most=limit, same=close)
    expect(
        speed.ratio <= limit,
        f"It takes {speed.ratio / WHOLE:.2f}x the time of a Python loop over all pairs; at most "
        "0.1x are allowed. Something is done for each pair by Python.",
    )
