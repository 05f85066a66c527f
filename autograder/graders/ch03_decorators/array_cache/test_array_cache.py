"""Hidden grader of ``array_cache``."""

from typing import Any, NamedTuple

import numpy as np

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.decorating import expect_metadata
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.gates import at_once
from autograder.judging.vocabulary.measures import expect_speed
from autograder.judging.vocabulary.refusals import Refusal, error_of, expect_refusal

from .collisions import SAME_HASH, SAME_PART, clashing, listed, whole

# -- in the sandbox ------------------------------------------------------------------------


def argument(array, layout, dtype):
    """The array as asked for: of that memory layout, as a tensor unless ``dtype`` is empty."""
    import torch

    x = array.copy()
    if dtype:
        x = torch.from_numpy(x)
        x = x if dtype == "same" else x.to(getattr(torch, dtype))
    if layout == "transposed":
        return x.T
    if layout == "strided":
        return x[1::2]
    if layout == "fortran":
        return x.T.contiguous().T if dtype else x.copy(order="F")
    return x


def counting(decorate, function):
    """The function of one argument, decorated: a call gives ``[computed so often, result]``."""
    computed = []

    @decorate
    def compute(x):
        computed.append(1)
        return function(x)

    def ask(x):
        before = len(computed)
        result = compute(x)
        return [len(computed) - before, result]

    return ask


def sequence(module, inputs, maxsize=None):
    """Call one decorated function with each input: ``[computed so often, result]`` of each."""
    decorate = module.array_cache() if maxsize is None else module.array_cache(maxsize=maxsize)
    ask = counting(decorate, lambda x: x + x)
    return [ask(argument(*each)) for each in inputs]


def hit(module, seed, which):
    """One of two arrays again, in a copy: worked on hard, or found in the cache."""
    import numpy as np

    if not hasattr(module, "kata_hit"):
        known = np.random.default_rng(seed).random((2, 10_000))

        @module.array_cache()
        def work(x):
            for _ in range(160):
                x = np.sin(x) + 0.25 * x
            return x

        module.kata_hit = work, known
        for x in known:
            work(x.copy())
    work, known = module.kata_hit
    return float(work(known[which].copy()).sum())


# -- on the judge's side -------------------------------------------------------------------

BOTH = ("", "same")  # NumPy's arrays, tensors of the same dtype


class Call(NamedTuple):
    """A call, and how often the function is to be computed for it: once or not at all.

    ``dtype`` makes the array a tensor: of that dtype, or, if it is "same", of the array's own.
    """

    array: Any
    computed: int
    layout: str = ""
    dtype: str | None = None  # None: as `judge` was told


def is_double(result, call, dtype):
    """Whether the result is that array (or tensor) plus itself, of the same kind and dtype."""
    wanted = call.array + call.array
    if call.layout in ("transposed", "strided"):
        wanted = wanted.T if call.layout == "transposed" else wanted[1::2]
    if not dtype:
        return same(result, wanted)
    if type(result).__name__ != "TensorData":
        return False
    if result.dtype != (wanted.dtype.name if dtype == "same" else dtype):
        return False
    return bool(np.array_equal(result.array, wanted))


def judge(student, calls, lost, fooled, dtypes=BOTH, maxsize=None):
    """Make the calls with arrays, then with tensors, and compare what was computed.

    ``lost`` says in words what went wrong where too much was computed, ``fooled`` where a call
    was answered with the result of another.
    """
    for dtype in dtypes:
        kinds = [dtype if call.dtype is None else call.dtype for call in calls]
        inputs = [[c.array, c.layout, kind] for c, kind in zip(calls, kinds, strict=True)]
        helpers = (argument, counting)
        seen = student.run(sequence, helpers=helpers, inputs=inputs, maxsize=maxsize)
        read(seen, [[int, object]] * len(calls), "What the calls gave")
        for (computed, result), call, kind in zip(seen, calls, kinds, strict=True):
            if computed < call.computed:
                fail(fooled)
            if computed > 1:
                fail("The function was called more than once for one call.")
            if computed > call.computed:
                fail(lost)
            if not is_double(result, call, kind):
                what = "the result of the function" if computed else "what was computed before"
                fail(f"A call did not return {what}, or not with its dtype and shape.")


def equal_floats(mine, other):
    return type(mine) is float and mine == other


def told_apart(student, first, second, fooled, dtypes=BOTH):
    """Expect that neither of two arrays is answered with the other's result."""
    judge(student, [Call(first, 1), Call(second, 1), Call(first, 0)], ANEW, fooled, dtypes)


ANEW = "An equal array, another object, was computed again: the key is not the content."

FOOLED = (
    "Other content was answered with the result of an earlier array. (Is id() in the key? It is "
    "used again when an array has gone.)"
)


# -- checks --------------------------------------------------------------------------------


@check(points=2, public=True, hint="Content, dtype and shape together are the key.")
def test_equal_content_is_a_hit(student):
    """An equal array or tensor is answered from the cache, another one is computed."""
    one, two = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 2.0], [3.0, 5.0]])
    judge(student, [Call(one, 1), Call(one, 0), Call(two, 1), Call(one, 0)], ANEW, FOOLED)


@check(points=2, public=True, hint="tobytes() of a row and of a column are the same.")
def test_dtype_and_shape_count(student):
    """The same bytes in another shape or dtype, or as a tensor, are another argument."""
    row = np.arange(6, dtype=np.int32)
    others = {
        "shape": [row.reshape(2, 3), row.reshape(3, 2), row.reshape(6, 1)],
        "dtype": [row.view(np.float32), row.view(np.uint32)],
    }
    for what, arrays in others.items():
        words = f"An array of the same bytes, but another {what}, was taken for the first one."
        for dtype in BOTH:
            # Not every version of torch has uint32.
            alike = [a for a in arrays if a.dtype != np.uint32 or not dtype]
            calls = [*(Call(array, 1) for array in (row, *alike)), Call(row, 0)]
            judge(student, calls, ANEW, words, [dtype])
    zeros = [np.zeros(4, np.float32), np.zeros(4, np.int32), np.zeros((2, 2), np.int32)]
    words = "Zeros of another dtype or shape were taken for the first ones."
    judge(student, [Call(array, 1) for array in zeros], ANEW, words, [""])
    # Zeros again, for they are the same bytes in each.
    halves = [Call(zeros[0], 1, dtype=dtype) for dtype in ("float16", "bfloat16", "int16")]
    judge(student, halves, ANEW, words, [""])
    calls = [Call(row, computed, dtype=dtype) for computed in (1, 0) for dtype in BOTH]
    judge(student, calls, ANEW, "A tensor was answered with the result of an array.", [""])


@check(points=2, public=True, hint="The key is made of the content at the time of the call.")
def test_mutated_input(student, rng):
    """An array that was changed since the last call is computed again."""

    values = [rng.randint(1, 99) for _ in range(4)]

    @student.observe(helpers=(counting,), values=values)
    def seen(module, values):
        import numpy as np
        import torch

        def double_in_place(x):
            x += x
            return int(x.sum())

        rows = []
        for x in (np.array(values), torch.tensor(values)):
            in_place = counting(module.array_cache(), double_in_place)
            answers = [in_place(y) for y in (x + 0, x + 0, x + x)]
            ask, before = counting(module.array_cache(), lambda x: x + x), x + 0
            calls = [ask(x)]
            x[1] += 1000
            calls += [ask(x), ask(before)]
            results = [result.tolist() for _, result in calls]
            computed = sum(count for count, _ in calls)
            rows.append([computed, results, (before + before).tolist(), answers])
        return rows

    read(seen, [[int, [list] * 3, list, [[int, object]] * 3]] * 2, "What the calls gave")
    for (computed, results, first, _), what in zip(seen, ("array", "tensor"), strict=True):
        if not same(results[0], first):
            fail(f"The first result for the {what} is wrong.")
        if same(results[1], first):
            fail(f"After the {what} had been changed, the result for its old content came back.")
        if not same(results[2], first):
            fail(f"Changing the {what} afterwards changed what the cache holds for the old one.")
        expect(computed == 2, f"For two contents of one {what}, {show(computed)} computations.")
    total = sum(values)
    for *_, answers in seen:
        expect(
            sum(computed for computed, _ in answers) == 2
            and same([result for _, result in answers], [2 * total, 2 * total, 4 * total]),
            "With a function that changes its argument in place, what it left of the argument "
            "became the key, not the content at the call.",
        )


@check(points=2, hint="str() shows three elements at each end of a big array.")
def test_all_of_a_big_array_counts(student, rng):
    """Big arrays that differ in one element, or in the order of two, are told apart."""
    first = whole(rng, 40, 500)
    arrays = [first]
    for _ in range(4):
        other = first.copy()
        row, column = rng.randint(4, 35), rng.randint(4, 490)
        other[row, column] += rng.choice([0.25, 1.0, 100.0])
        arrays.append(other)
    swapped = first.copy()
    swapped[20, 250:252] = [70, -70]
    back = swapped.copy()
    back[20, 250:252] = [-70, 70]
    fooled = (
        "Two big arrays that differ in the middle were taken for the same. str(), repr() and "
        "samples leave out most of a big array; sums do not know the order."
    )
    calls = [Call(array, 1) for array in (*arrays, swapped, back)]
    judge(student, [*calls, Call(arrays[0], 0), Call(back, 0)], ANEW, fooled)

    # Some read all of an array up to a size, and a sample of those above it. The sample may hold
    # one of the places.
    @student.observe(helpers=(counting,), places=rng.sample(range(10**5, 10**6), 3))
    def seen(module, places):
        import numpy as np

        ask, computed = counting(module.array_cache(), lambda x: x[:2] + x[-2:]), 0
        one, two, three = places
        for place, pair in ((one, 0), (one, (1, 2)), (one, (2, 1)), (two, (1, 2)), (three, (1, 2))):
            x = np.zeros(1_100_000, np.uint8)
            x[place : place + 2] = pair
            computed += ask(x)[0]
        return computed

    expect(read(seen, int) <= 5, "The function was called more than once for one call.")
    expect(seen == 5, fooled)


@check(points=2, hint="Keep the bytes, or a digest of 128 bits or more: hashlib.blake2b.")
def test_no_two_contents_have_one_key(student, rng):
    """Contents are told apart whose checksums, sums or hash() are the same."""
    fooled = (
        "Two arrays of other content that have the same {} were taken for one and the same. Keys "
        "like that can collide: a dict that is given nothing else cannot tell them apart."
    )
    one, two = clashing(rng)
    words = fooled.format("checksum (a CRC, Adler-32), sum and sorted values")
    for shape, dtype in (((1024,), "uint8"), ((32, 32), "uint8"), ((16, 8), "int64")):
        told_apart(student, *(x.view(dtype).reshape(shape) for x in (one, two)), words)

    pairs, words = listed(SAME_HASH), fooled.format("hash()")
    for kind, dtype in (("", "uint8"), ("same", "uint8"), ("", "int64")):
        told_apart(student, *(x.view(dtype) for x in rng.choice(pairs)), words, [kind])
    # The hash of a whole number n is n modulo 2**61 - 1, and that of -1 is the one of -2.
    number = rng.randint(3, 10**9)
    for one, two in (
        ([number, -1], [number, -2]),
        ([7, number], [7, number + 2**61 - 1]),
        ([1.0, number], [2.0**61, number]),
    ):
        told_apart(student, np.array(one), np.array(two), words, [""])

    words = fooled.format("32 bits of a digest, the first or the last ones,")
    calls = [Call(x, 1) for pair in listed(SAME_PART) for x in pair]
    judge(student, calls, ANEW, words, [""], 1000)

    # Of so many, two agree in 24 bits of whatever the key is made of; a slow cache gets fewer.
    # They are random, since a checksum tells numbers apart that follow one another.
    @student.observe(helpers=(counting,), seed=rng.getrandbits(32), most=16_000)
    def seen(module, seed, most):
        import time

        import numpy as np

        ask = counting(module.array_cache(maxsize=most), lambda x: int(x[0]))
        contents = np.random.default_rng(seed).integers(0, 2**62, (most, 2))
        asked = computed = 0
        until = time.monotonic() + 1.5
        while asked < most and time.monotonic() < until:
            computed += ask(contents[asked].copy())[0]
            asked += 1
        return [asked, computed]

    asked, computed = read(seen, [int, int])
    expect(computed <= asked, "The function was called more than once for one call.")
    expect(
        computed == asked,
        f"Of {asked} different arrays, {asked - computed} were answered "
        "with the result of another: too few different keys are possible.",
    )


@check(points=1, hint="tobytes() gives the same order, whatever the order in memory.")
def test_views(student, rng):
    """Transposed, strided and Fortran-ordered views are arrays like any other."""
    square, long = whole(rng, 5, 5), whole(rng, 12, 3)
    square[0, 1] = square[1, 0] + 1
    calls = [
        Call(square, 1),
        Call(square, 1, "transposed"),
        Call(square.T.copy(), 0),
        Call(square, 0, "fortran"),
        Call(long, 1, "strided"),
        Call(long[1::2].copy(), 0),
        Call(long, 1),
    ]
    judge(
        student,
        calls,
        "A view with the same content as another array was computed again.",
        "A view was answered with the result of the array that it is a view of.",
    )


@check(points=1, hint="NumPy has no bfloat16; look at a tensor's bytes before you convert it.")
def test_any_dtype(student, rng):
    """Arrays and tensors of any dtype and number of dimensions, down to none."""
    numbers = np.abs(whole(rng, 6))
    numbers[0] = 0
    other = numbers.copy()
    other[0] = 1
    for dtype in ("float16", "float64", "int8", "uint8", "int64", "bool", "complex64"):
        x, y = numbers.astype(dtype), other.astype(dtype)
        judge(student, [Call(x, 1), Call(y, 1), Call(x, 0), Call(x[1:2], 1)], ANEW, FOOLED)
    told_apart(student, numbers, other, FOOLED, ["bfloat16"])
    first, second = (np.array(n, "float32") for n in rng.sample(range(1, 60), 2))
    told_apart(student, first, second, FOOLED, ["same"])
    big, near = np.array([2**60, 3]), np.array([1.0, 3.0])
    fooled = "Numbers that differ in their last digits only were taken for the same."
    told_apart(student, big, big + np.array([1, 0]), fooled)
    told_apart(student, near, np.nextafter(near, 2), fooled)


@check(points=2, hint="Copy what goes into the cache, and what comes out of it.")
def test_results_are_the_callers_own(student, rng):
    """What callers do to results and arguments does not reach the cache."""

    @student.observe(helpers=(counting,), values=[rng.randint(1, 99) for _ in range(5)])
    def seen(module, values):
        import numpy as np
        import torch

        def nested(x):
            return {"rows": [x + 1, x * 2], "pair": (x - 1, 0.5)}

        def kinds(result):
            if not isinstance(result, dict):
                return [type(result).__name__]
            return [type(part).__name__ for part in (*result.values(), result["pair"][1])]

        def arrays(result):
            nest = isinstance(result, dict)
            return [*result["rows"], result["pair"][0]] if nest else [result]

        rows = []
        for make in (np.array, torch.tensor):
            for function in (lambda x: x + 1, lambda x: x, nested):
                ask = counting(module.array_cache(), function)
                wanted = [part.tolist() for part in arrays(function(make(values)))]
                like = kinds(function(make(values)))
                right, computed, unlike = [], 0, []
                for _ in range(3):
                    x = make(values)
                    count, result = ask(x)
                    computed += count
                    right.append([part.tolist() for part in arrays(result)] == wanted)
                    pairs = zip(kinds(result), like, strict=True)
                    unlike += [[kind, meant] for kind, meant in pairs if kind != meant]
                    for part in [*arrays(result), x]:
                        try:
                            part += 1000
                        except ValueError:
                            pass  # read-only arrays cannot be changed: that is safe, too
                    if isinstance(result, dict):
                        result["rows"].append(part)
                rows.append([right, computed, unlike])
        return rows

    read(seen, [[[bool] * 3, int, list[[str, str]]]] * 6, "What the calls gave")
    whats = ("a new one", "its argument", "a dict of lists")
    for number, (right, computed, unlike) in enumerate(seen):
        what = f"With a function that returns {whats[number % 3]}"
        kind = "array" if number < 3 else "tensor"
        expect(right[0], f"{what}, the result for an {kind} was wrong at once.")
        expect(
            right[1],
            f"{what}, changing the result ({kind}) of the call that was computed, or its argument, "
            "changed what the cache holds.",
        )
        expect(computed == 1, ANEW)
        expect(
            right[2],
            f"{what}, changing a result that came from the cache ({kind}) "
            "changed what the cache holds.",
        )
        if unlike != []:
            fail(
                f"{what}, a caller got another type than it returned, {show(unlike[0][0])} in "
                f"place of {show(unlike[0][1])}. Copies are of the same types."
            )


@check(points=1, hint="Every argument is part of the key, with its place or its name.")
def test_all_arguments_count(student, rng):
    """Arguments all count, the order of keywords does not; functions do not share."""
    values = rng.sample(range(1, 99), 6)

    @student.observe(values=values)
    def seen(module, values):
        import numpy as np

        computed = []

        def mix(a, b, scale=1, *, mode="add", bias=None):
            computed.append(1)
            bias = 0 if bias is None else bias.sum()
            return [a.sum() * 3 + b.sum() * scale + bias + len(str(mode)), a.size]

        decorate = module.array_cache()
        cached, other = decorate(mix), decorate(mix)  # one decorator, two functions
        x = np.array(values)
        calls = [
            [[x[:2], x[2:]], {}],
            [[x[:3], x[3:]], {}],
            [[x[2:], x[:2]], {}],
            [[x[:2], x[2:], 2], {}],
            [[x[:2], x[2:], 4], {}],
            [[x[:2], x[2:]], {"mode": "other"}],
            [[x[:2], x[2:]], {"mode": "another"}],
            [[x[:2], x[2:]], {"mode": 30}],
            [[x[:2], x[2:]], {"mode": "30"}],
            [[x[:2], x[2:]], {"mode": 7}],
            [[x[:2], x[2:]], {"scale": 7}],
            [[x[:2], x[2:]], {"mode": "other", "bias": x[:1]}],
            [[x[:2], x[2:]], {"mode": "other", "bias": x[1:2]}],
            [[], {"a": x[:1], "b": x[1:]}],
            [[], {"b": x[:1], "a": x[1:]}],
        ]
        answers = []
        others = [[args, dict(reversed(kwargs.items()))] for args, kwargs in calls]
        for args, kwargs in [*calls, *others]:
            before = len(computed)
            result = cached(*[a.copy() if hasattr(a, "copy") else a for a in args], **kwargs)
            right = [int(n) for n in result] == [int(n) for n in mix(*args, **kwargs)]
            computed.pop()
            answers.append([len(computed) - before, right])
        before = len(computed)
        other(x[:2], x[2:])
        shared = len(computed) - before

        @module.array_cache()
        def named(x, a=0, mode=0, b=0, size=0):
            return x[:1] * 0 + [a == "mode", mode == 3, b == "size", size == 4]

        told = []
        for args, kwargs in ((["mode", 3], {}), ([], {"mode": 3}), (["mode", 3], {"size": 4})):
            wanted = [args[:1] == ["mode"], True, False, "size" in kwargs]
            told.append([bool(n) for n in named(x, *args, **kwargs)] == wanted)
        every = named(x, "mode", 3, "size", 4)
        told.append(bool(every.all()))
        told.append([bool(n) for n in named(x, mode=3, size=4)] == [False, True, False, True])
        return [answers, shared, told]

    answers, other, told = read(seen, [[[int, bool]] * 30, int, [bool] * 5], "What the calls gave")
    expect(
        all(told),
        'Two arguments by position, the first of them "mode", and one passed as mode=… were taken '
        "for the same call.",
    )
    expect(
        all(computed == 1 for computed, _ in answers[:15]),
        "A call with other arguments (or with the same in another order, under each other's names, "
        "cut at another place, or a string in place of a number) was answered from the cache.",
    )
    expect(all(right for _, right in answers), "A result with several arguments is wrong.")
    again = any(computed for computed, _ in answers[15:])
    expect(
        not again,
        "Calls with equal arguments, some with their keywords in another order, were computed "
        "again.",
    )
    expect(
        other == 1,
        "Two decorated functions share a cache: one was answered with the other's result.",
    )


@check(points=1, hint="functools.wraps(function) on the wrapper.")
def test_metadata_kept(student, rng):
    """Name, docstring and __wrapped__ are kept."""

    def decorators(module):
        return [module.array_cache()]

    expect_metadata(student, decorators, rng, kept=("name", "docstring", "__wrapped__"))


@check(points=1, hint="After a new result went in, look at len(); the oldest is easy to throw out.")
def test_maxsize(student, rng):
    """At most maxsize results are kept, the newest among them; a negative one is refused."""
    size = rng.randint(2, 5)
    arrays = [np.array([n, 1]) for n in rng.sample(range(99), size + 4)]

    @student.observe(helpers=(counting,), arrays=arrays, size=size)
    def seen(module, arrays, size):
        import time

        import numpy as np

        rows = []
        for some, maxsize in ((arrays[:size], size), (arrays, size), (arrays, 1)):
            ask, again = counting(module.array_cache(maxsize=maxsize), lambda x: x + x), 0
            for x in some:
                ask(x)
                again += ask(x.copy())[0]
            missed = sum(ask(x)[0] for x in reversed(some))  # the newest first
            rows.append([again, len(some) - missed])
        started = []

        @module.array_cache(maxsize=1)
        def slow(x):
            started.append(1)
            time.sleep(0.05)
            return x + x

        at_once([lambda x=x: slow(x) for x in arrays[:3]])
        before = len(started)
        for x in arrays[:3]:
            slow(x)
        rows.append([0, 3 - (len(started) - before)])
        refused = error_of(lambda: module.array_cache(-1), "ValueError")
        usual = counting(module.array_cache(), lambda x: x + x)
        counts = (128, 128, 129, 129)
        default = [sum(usual(np.array([n, 2]))[0] for n in range(count)) for count in counts]
        return [rows, refused, default]

    rows, refused, default = read(seen, [[[int, int]] * 4, str, [int] * 4], "What the calls gave")
    (again, hits), *small, (_, kept_at_once) = rows
    expect(again == 0 and hits == size, "With as many inputs as maxsize, not all were kept.")
    for (again, hits), most in zip(small, (size, 1), strict=True):
        expect(again == 0, "In a full cache the newest result was not kept.")
        expect(hits <= most, "More results were kept than maxsize allows.")
    expect(
        kept_at_once <= 1,
        "After calls that ran at the same time, more results were kept than maxsize allows.",
    )
    accepted = "array_cache(-1) is a ValueError, when it is called."
    expect_refusal(refused, "array_cache(-1)", Refusal(accepted=accepted))
    expect(
        default[1] == 0 and default[3] > 0,
        "Without maxsize as many results are kept as the default in the signature says.",
    )


@check(points=1, kind="performance", hint="One fast fingerprint, one look into a dict, one copy.")
def test_hits_are_fast(student, baseline, rng):
    """A hit takes at most a tenth of the time of computing."""
    bare = baseline("def array_cache(maxsize=128):\n    return lambda function: function\n")
    seed = rng.randint(1, 10**9)

    def inputs(_):
        return {"seed": seed, "which": rng.randrange(2)}

    # The slowest honest answer, with the values in a tuple as the key, takes 0.06x.
    message = "A hit takes {ratio} as long as computing; at most {limit} are allowed."
    expect_speed(student, bare, hit, inputs, message, at_most=0.1, same=equal_floats)
