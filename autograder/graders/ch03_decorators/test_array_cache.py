"""Hidden grader of ``array_cache``."""

import numpy as np

from autograder.checks import check, expect, fail, show

# -- in the sandbox ------------------------------------------------------------------------


def made(array, how, dtype):
    """The array as asked for: of that memory layout, as a tensor unless ``dtype`` is empty."""
    import torch

    x = array.copy()
    if dtype:
        x = torch.from_numpy(x)
        x = x if dtype == "same" else x.to(getattr(torch, dtype))
    if how == "transposed":
        return x.T
    if how == "strided":
        return x[1::2]
    if how == "fortran":
        return x.T.contiguous().T if dtype else x.copy(order="F")
    return x


def sequence(module, inputs, maxsize=None):
    """Call one decorated function with each input: ``[computed so often, result]`` of each."""
    computed = []
    decorate = module.array_cache() if maxsize is None else module.array_cache(maxsize=maxsize)

    @decorate
    def double(x):
        computed.append(1)
        return x + x

    found = []
    for array, how, dtype in inputs:
        before = len(computed)
        result = double(made(array, how, dtype))
        found.append([len(computed) - before, result])
    return found


def crowd(module, array, fails):
    """Eight threads at once: ``[computed so often, threads left, what each got]``."""
    import threading
    import time

    import numpy as np

    computed, got, go_on = [], [], threading.Event()
    barrier = threading.Barrier(9)

    class Slow:
        """A hashable argument that lets the other threads in wherever a dict asks for it."""

        def __hash__(self):
            time.sleep(0.001)
            return 1

        def __reduce__(self):
            return str, ("slow",)  # for those whose key is made by pickle

    slow = Slow()

    @module.array_cache()
    def double(x, tag):
        computed.append(1)
        go_on.wait(4)
        if fails:
            raise LookupError("no result")
        return x + x

    def work():
        mine = array.copy()
        barrier.wait(4)
        try:
            got.append(double(mine, slow))
        except LookupError:
            got.append("LookupError")
        except BaseException as error:
            got.append(type(error).__name__)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    barrier.wait(4)
    # Time for the others to come in while the first one computes, if they are let in.
    until = time.monotonic() + (0.1 if fails else 0.3)
    while time.monotonic() < until and len(computed) < 2:
        time.sleep(0.005)
    go_on.set()
    until = time.monotonic() + 4
    for thread in threads:
        thread.join(max(0.01, until - time.monotonic()))
    left = sum(thread.is_alive() for thread in threads)
    arrays = {n: result for n, result in enumerate(got) if hasattr(result, "shape")}
    right = {n: bool((result == array + array).all()) for n, result in arrays.items()}
    for number, result in arrays.items():
        try:
            result[:] = number
        except ValueError:
            arrays[number] = np.full_like(result, number)  # read-only: safe in another way
    for number, result in arrays.items():
        got[number] = ["value", right[number], bool((result == number).all())]
    got = [g if isinstance(g, (str, list)) else type(g).__name__ for g in got]
    return [len(computed), left, got]


def asked(module, seed, which):
    """One of four arrays again, in a copy: worked on hard, or found in the cache."""
    import numpy as np

    if not hasattr(module, "kata_asked"):
        known = np.random.default_rng(seed).random((4, 10_000))

        @module.array_cache()
        def work(x):
            for _ in range(160):
                x = np.sin(x) + 0.25 * x
            return x

        module.kata_asked = work, known
        for x in known:
            work(x.copy())
    work, known = module.kata_asked
    return float(work(known[which].copy()).sum())


# -- on the judge's side -------------------------------------------------------------------


def is_list(value, length):
    return type(value) is list and len(value) == length


def is_double(result, array, how, dtype):
    """Whether the result is that array (or tensor) plus itself, of the same kind and dtype."""
    wanted = array.T if how == "transposed" else array[1::2] if how == "strided" else array
    wanted = wanted + wanted
    if not dtype:
        good = type(result) is np.ndarray and result.dtype == wanted.dtype
        return bool(good and np.array_equal(result, wanted))
    if type(result).__name__ != "TensorData":
        return False
    if result.dtype != (wanted.dtype.name if dtype == "same" else dtype):
        return False
    return bool(np.array_equal(result.array, wanted))


def judge(student, calls, lost, fooled, maxsize=None):
    """Make the calls ``[array, how, dtype, computed]``, and compare what was computed.

    ``lost`` says in words what went wrong where too much was computed, ``fooled`` where a call
    was answered with the result of another.
    """
    inputs = [call[:3] for call in calls]
    seen = student.run(sequence, helpers=(made,), inputs=inputs, maxsize=maxsize)
    good = is_list(seen, len(calls)) and all(is_list(s, 2) and type(s[0]) is int for s in seen)
    expect(bool(good), "The calls did not answer.")
    for (computed, result), (array, how, dtype, wanted) in zip(seen, calls, strict=True):
        if computed < wanted:
            fail(fooled)
        if computed > 1:
            fail("The function was called more than once for one call.")
        if computed > wanted:
            fail(lost)
        if not is_double(result, array, how, dtype):
            what = "the result of the function" if wanted else "what was computed before"
            fail(f"A call did not return {what}, or not with its dtype and shape.")


def whole(rng, *shape, dtype="float32"):
    """A random array of whole numbers that every dtype holds exactly."""
    count = int(np.prod(shape))
    return np.array([rng.randint(-60, 60) for _ in range(count)], dtype).reshape(shape)


# Pairs of eight bytes that have the same hash() where PYTHONHASHSEED is 0, as in the sandbox
# (SipHash-1-3, Python 3.11 on). Each took some 4e9 hashes to find, in a search for distinguished
# points; they are equal in all 64 bits, so they have the same hash() whatever is then done to it.
SAME_HASH = """
86a3a4f2bd77a801 04d23ae51b8e1e24
69df4c8ebd0015f2 1fad1152482d5913
2505baba448122de 10a313a955ac4135
8e7e0bba558b283a 32a4ce3b345adc43
0179a5b8565b8413 280c7aa0b522ef0e
0c28a6cfbd3531b3 49a87f419177350f
bb634ec32c7587be 12fdb884009ff6e8
bc570a81363cd837 31908a2821f40e23
b40440061bf96254 083efe7f705965ad
1520133c3c258d85 4efa17fd9b622343
3b6315e904744361 f49a32a4b8570448
6a13e5a0c9bef2d4 dcce90ff333bbc96
"""
# Pairs that agree in 32 bits of a digest: what is left of a good one when it is cut.
SAME_PART = """
e2c7243d5dd1c2a9 90d1eed6eab0940c md5()[:4]
290a3a3903551d1f 44d569b455e59ffc md5()[-4:]
b67214ce9fd6ae3f 7b33f6edfbecf4a6 sha1()[:4]
dd7c9e3e73d1836b 07c30a7949bf37bc sha1()[-4:]
aa9a7c2ff9335a26 ad8f0dfaa95df66a sha256()[:4]
bec4f48eea6d37cd ff02edf0f08acec7 sha256()[-4:]
c008d7c33b0cf8ca b1ba2362da2e1f6c sha512()[:4]
3b24d167488a994f 4dbd45c986914195 sha512()[-4:]
8803ca968a9dd5b8 a18effe99ae71a08 blake2b()[:4]
52f21f2b74e66ae1 f7a7ea0d379c838e blake2b()[-4:]
e4d9f714867a895a 3341ab712960f279 blake2s()[:4]
da77abe6c927a920 8b269b5e837c4f94 blake2b(32)[:4]
7846e30708deb61e 8e06c60b3f5516ad blake2b(32)[-4:]
629f82337bc95197 e0eeb3d076cba4f2 blake2b(16)[:4]
2e66beec0c6180cf a5170d38701b1fd6 blake2b(8)[:4]
3bb68db480b5cc25 74c0f126e7b8d07f blake2b(4)
"""


POLYNOMIALS = (0x104C11DB7, 0x11EDC6F41, 0x11021)  # CRC-32, CRC-32C, CCITT (binascii.crc_hqx)
BLOCK = 64  # bytes


def remainders(polynomial, places, mirrored):
    """The remainder of each bit of a block whose bytes a CRC reads in the order of ``places``."""
    found, rest, top = [0] * (8 * BLOCK), 1, polynomial.bit_length() - 1
    for place in reversed(places):
        # What is read last has the lowest power; a mirrored CRC begins with the lowest bit.
        for bit in range(7, -1, -1) if mirrored else range(8):
            found[8 * place + bit] = rest
            rest <<= 1
            rest ^= polynomial * (rest >> top)
    return found


def unnoticed(rng):
    """A difference of two blocks that leaves every one of these CRCs as it is.

    Forwards and backwards, with either order of bits in a byte, and CRC-32 of every second byte,
    too; nothing differs in the first and last four bytes, which a slice may leave out. All of it
    is linear, so the differences are the kernel of a matrix over two elements, found by Gauss.
    """
    every = range(BLOCK)
    parts = [
        remainders(polynomial, places, mirrored)
        for polynomial in POLYNOMIALS
        for places in (every, every[::-1])
        for mirrored in (True, False)
    ]
    parts += [remainders(POLYNOMIALS[0], every[n::2], True) for n in (0, 1)]
    pivots, kernel = {}, []
    for bit in range(32, 8 * BLOCK - 32):
        row, taken = 0, 1 << bit
        for part in parts:
            row = row << 32 | part[bit]
        while row and row.bit_length() in pivots:
            other = pivots[row.bit_length()]
            row, taken = row ^ other[0], taken ^ other[1]
        if row:
            pivots[row.bit_length()] = row, taken
        else:
            kernel.append(taken)
    difference = kernel.pop(rng.randrange(len(kernel)))
    for taken in kernel:
        difference ^= taken * rng.getrandbits(1)
    return difference


def clashing(rng):
    """Two contents of 1024 bytes with the same CRCs, adler32, sums, moments and sorted values.

    Sixteen blocks A and B in the order of the Thue-Morse sequence, and with A and B exchanged.
    Each block comes eight times, and the sums of the places, their squares and their cubes are the
    same for both (Prouhet). A ^ B is a multiple of the polynomials of the CRCs, so that any two
    contents that differ in it have the same checksum, whatever stands before, between and after.
    """
    one, difference = rng.getrandbits(8 * BLOCK), unnoticed(rng)
    blocks = [word.to_bytes(BLOCK, "little") for word in (one, one ^ difference)]
    order = [place.bit_count() % 2 for place in range(16)]
    contents = [b"".join(blocks[n ^ other] for n in order) for other in (0, 1)]
    return [np.frombuffer(content, np.uint8) for content in contents]


def listed(pairs):
    """The pairs of such a list, as arrays of bytes."""
    rows = [line.split()[:2] for line in pairs.split("\n") if line]
    return [[np.frombuffer(bytes.fromhex(text), np.uint8) for text in row] for row in rows]


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
    for kind in ("", "same"):
        calls = [[one, "", kind, 1], [one, "", kind, 0], [two, "", kind, 1], [one, "", kind, 0]]
        judge(student, calls, ANEW, FOOLED)


@check(points=2, public=True, hint="tobytes() of a row and of a column are the same.")
def test_dtype_and_shape_count(student):
    """The same bytes in another shape or dtype, or as a tensor, are another argument."""
    row = np.arange(6, dtype=np.int32)
    others = {
        "shape": [row.reshape(2, 3), row.reshape(3, 2), row.reshape(6, 1)],
        "dtype": [row.view(np.float32), row.view(np.uint32)],
    }
    for what, arrays in others.items():
        for kind in ("", "same"):
            kept = [a for a in arrays if a.dtype != np.uint32 or not kind]
            calls = [[a, "", kind, 1] for a in (row, *kept)] + [[row, "", kind, 0]]
            words = f"An array of the same bytes, but another {what}, was taken for the first one."
            judge(student, calls, ANEW, words)
    zeros = [np.zeros(4, np.float32), np.zeros(4, np.int32), np.zeros((2, 2), np.int32)]
    words = "Zeros of another dtype or shape were taken for the first ones."
    judge(student, [[a, "", "", 1] for a in zeros], ANEW, words)
    calls = [[row, "", "", 1], [row, "", "same", 1], [row, "", "", 0], [row, "", "same", 0]]
    judge(student, calls, ANEW, "A tensor was answered with the result of an array.")


@check(points=2, public=True, hint="The key is made of the content at the time of the call.")
def test_mutated_input(student, rng):
    """An array that was changed since the last call is computed again."""

    values = [rng.randint(1, 99) for _ in range(4)]

    @student.observe(values=values)
    def seen(module, values):
        import numpy as np
        import torch

        computed = []

        def double(x):
            computed.append(1)
            return x + x

        found = []
        for x in (np.array(values), torch.tensor(values)):
            cached = module.array_cache()(double)
            computed.clear()
            before = x + 0
            results = [cached(x).tolist()]
            x[1] += 1000
            results.append(cached(x).tolist())
            results.append(cached(before).tolist())
            found.append([len(computed), results, (before + before).tolist()])

        def double_in_place(x):
            computed.append(1)
            x += x
            return int(x.sum())

        for x in (np.array(values), torch.tensor(values)):
            cached = module.array_cache()(double_in_place)
            computed.clear()
            results = [cached(y) for y in (x + 0, x + 0, x + x)]
            found.append([len(computed), results])
        return found

    good = is_list(seen, 4) and all(is_list(s, 3) and is_list(s[1], 3) for s in seen[:2])
    good = good and all(is_list(s, 2) for s in seen[2:])
    expect(bool(good), "The calls did not answer.")
    for (computed, results, first), what in zip(seen[:2], ("array", "tensor"), strict=True):
        if results[0] != first:
            fail(f"The first result for the {what} is wrong.")
        if results[1] == first:
            fail(f"After the {what} had been changed, the result for its old content came back.")
        if results[2] != first:
            fail(f"Changing the {what} afterwards changed what the cache holds for the old one.")
        expect(computed == 2, f"For two contents of one {what}, {show(computed)} computations.")
    total = sum(values)
    for computed, results in seen[2:]:
        expect(
            computed == 2 and results == [2 * total, 2 * total, 4 * total],
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
    for kind in ("", "same"):
        calls = [[a, "", kind, 1] for a in (*arrays, swapped, back)]
        calls += [[a, "", kind, 0] for a in (arrays[0], back)]
        judge(student, calls, ANEW, fooled)

    # Some read all of an array up to a size, and a sample of those above it.
    @student.observe(place=rng.randint(10**5, 10**6))
    def seen(module, place):
        import numpy as np

        computed = []

        @module.array_cache()
        def ends(x):
            computed.append(1)
            return x[:2] + x[-2:]

        for pair in ((0, 0), (1, 2), (2, 1)):
            x = np.zeros(1_100_000, np.uint8)
            x[place : place + 2] = pair
            ends(x)
        return len(computed)

    expect(type(seen) is int and seen <= 3, "The function was called more than once for one call.")
    expect(seen == 3, fooled)


@check(points=2, hint="Keep the bytes, or a digest of 128 bits or more: hashlib.blake2b.")
def test_no_two_contents_have_one_key(student, rng):
    """Contents are told apart whose checksums, sums or hash() are the same."""
    fooled = (
        "Two arrays of other content that have the same {} were taken for one and the same. Keys "
        "like that can collide: a dict that is given nothing else cannot tell them apart."
    )
    one, two = clashing(rng)
    words = fooled.format("checksum (a CRC, Adler-32), sum and sorted values")
    for kind in ("", "same"):
        for shape, dtype in (((1024,), "uint8"), ((32, 32), "uint8"), ((16, 8), "int64")):
            a, b = (x.view(dtype).reshape(shape) for x in (one, two))
            judge(student, [[a, "", kind, 1], [b, "", kind, 1], [a, "", kind, 0]], ANEW, words)

    pairs, words = listed(SAME_HASH), fooled.format("hash()")
    for kind, dtype in (("", "uint8"), ("same", "uint8"), ("", "int64")):
        a, b = (x.view(dtype) for x in rng.choice(pairs))
        judge(student, [[a, "", kind, 1], [b, "", kind, 1], [a, "", kind, 0]], ANEW, words)
    # The hash of a whole number n is n modulo 2**61 - 1, and that of -1 is the one of -2.
    number = rng.randint(3, 10**9)
    for a, b in (
        ([number, -1], [number, -2]),
        ([7, number], [7, number + 2**61 - 1]),
        ([1.0, number], [2.0**61, number]),
    ):
        calls = [[np.array(a), "", "", 1], [np.array(b), "", "", 1], [np.array(a), "", "", 0]]
        judge(student, calls, ANEW, words)

    words = fooled.format("32 bits of a digest, the first or the last ones,")
    parts = listed(SAME_PART)
    judge(student, [[x, "", "", 1] for pair in parts for x in pair], ANEW, words, 1000)

    # Of so many, two agree in 24 bits of whatever the key is made of; a slow cache gets fewer.
    # They are random, since a checksum tells numbers apart that follow one another.
    @student.observe(seed=rng.getrandbits(32), most=16_000)
    def seen(module, seed, most):
        import time

        import numpy as np

        computed, asked = [], 0

        @module.array_cache(maxsize=most)
        def first(x):
            computed.append(1)
            return int(x[0])

        contents = np.random.default_rng(seed).integers(0, 2**62, (most, 2))
        until = time.monotonic() + 1.5
        while asked < most and time.monotonic() < until:
            first(contents[asked].copy())
            asked += 1
        return [asked, len(computed)]

    expect(is_list(seen, 2) and [*map(type, seen)] == [int, int], "The calls did not answer.")
    expect(seen[1] <= seen[0], "The function was called more than once for one call.")
    expect(
        seen[1] == seen[0],
        f"Of {seen[0]} different arrays, {seen[0] - seen[1]} were answered "
        "with the result of another: too few different keys are possible.",
    )


@check(points=1, hint="tobytes() gives the same order, whatever the order in memory.")
def test_views(student, rng):
    """Transposed, strided and Fortran-ordered views are arrays like any other."""
    square, long = whole(rng, 5, 5), whole(rng, 12, 3)
    square[0, 1] = square[1, 0] + 1
    for kind in ("", "same"):
        calls = [
            [square, "", kind, 1],
            [square, "transposed", kind, 1],
            [square.T.copy(), "", kind, 0],
            [square, "fortran", kind, 0],
            [long, "strided", kind, 1],
            [long[1::2].copy(), "", kind, 0],
            [long, "", kind, 1],
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
    for kind in ("", "same"):
        for dtype in ("float16", "float64", "int8", "uint8", "int64", "bool", "complex64"):
            x, y = numbers.astype(dtype), other.astype(dtype)
            calls = [[a, "", kind, n] for a, n in ((x, 1), (y, 1), (x, 0), (x[1:2], 1))]
            judge(student, calls, ANEW, FOOLED)
    first, second = (np.array(n, "float32") for n in rng.sample(range(1, 60), 2))
    for dtype, x, y in (("bfloat16", numbers, other), ("same", first, second)):
        calls = [[a, "", dtype, n] for a, n in ((x, 1), (y, 1), (x, 0))]
        judge(student, calls, ANEW, FOOLED)
    big, near = np.array([2**60, 3]), np.array([1.0, 3.0])
    fooled = "Numbers that differ in their last digits only were taken for the same."
    for x, y in ((big, big + 1), (near, np.nextafter(near, 2))):
        for kind in ("", "same"):
            judge(student, [[a, "", kind, n] for a, n in ((x, 1), (y, 1), (x, 0))], ANEW, fooled)


@check(points=2, hint="Copy what goes into the cache, and what comes out of it.")
def test_results_are_the_callers_own(student, rng):
    """What callers do to results and arguments does not reach the cache."""

    @student.observe(values=[rng.randint(1, 99) for _ in range(5)])
    def seen(module, values):
        import numpy as np
        import torch

        computed = []

        def plain(x):
            computed.append(1)
            return x + 1

        def same(x):
            computed.append(1)
            return x

        def nested(x):
            computed.append(1)
            return {"rows": [x + 1, x * 2], "pair": (x - 1, 0.5)}

        def kinds(result):
            if not isinstance(result, dict):
                return [type(result).__name__]
            return [type(part).__name__ for part in (*result.values(), result["pair"][1])]

        def arrays(result):
            nest = isinstance(result, dict)
            return [*result["rows"], result["pair"][0]] if nest else [result]

        found = []
        for make in (np.array, torch.tensor):
            for function in (plain, same, nested):
                cached = module.array_cache()(function)
                wanted = [part.tolist() for part in arrays(function(make(values)))]
                like = kinds(function(make(values)))
                computed.clear()
                right, unlike = [], []
                for _ in range(3):
                    x = make(values)
                    result = cached(x)
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
                found.append([right, len(computed), unlike])
        return found

    good = is_list(seen, 6) and all(is_list(s, 3) and is_list(s[0], 3) for s in seen)
    expect(good, "No results came back.")
    whats = ("a new one", "its argument", "a dict of lists")
    for number, (right, computed, unlike) in enumerate(seen):
        what = f"With a function that returns {whats[number % 3]}"
        kind = "array" if number < 3 else "tensor"
        expect(right[0] is True, f"{what}, the result for an {kind} was wrong at once.")
        expect(
            right[1] is True,
            f"{what}, changing the result ({kind}) of the call that was computed, or its argument, "
            "changed what the cache holds.",
        )
        expect(computed == 1, ANEW)
        expect(
            right[2] is True,
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
    """Several arguments, by position and by keyword, all count; functions do not share."""
    values = rng.sample(range(1, 99), 6)

    @student.observe(values=values)
    def seen(module, values):
        import numpy as np

        computed = []

        def mix(a, b, scale=1, *, mode="add", bias=None):
            """Mix them."""
            computed.append(1)
            bias = 0 if bias is None else bias.sum()
            return [a.sum() * 3 + b.sum() * scale + bias + len(str(mode)), a.size]

        cached, other = module.array_cache()(mix), module.array_cache()(mix)
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
            [[x[:2], x[2:]], {"mode": "other", "bias": x[:1]}],
            [[x[:2], x[2:]], {"mode": "other", "bias": x[1:2]}],
            [[], {"a": x[:1], "b": x[1:]}],
            [[], {"b": x[:1], "a": x[1:]}],
        ]
        found = []
        for args, kwargs in [*calls, *calls]:
            before = len(computed)
            result = cached(*[a.copy() if hasattr(a, "copy") else a for a in args], **kwargs)
            right = [int(n) for n in result] == [int(n) for n in mix(*args, **kwargs)]
            computed.pop()
            found.append([len(computed) - before, right])
        before = len(computed)
        other(x[:2], x[2:])
        names = [getattr(cached, name, None) for name in ("__name__", "__doc__")]
        kept = [*names, getattr(cached, "__wrapped__", None) is mix]
        return [found, len(computed) - before, kept == ["mix", "Mix them.", True]]

    expect(is_list(seen, 3) and is_list(seen[0], 26), "The calls did not answer.")
    expect(all(is_list(s, 2) for s in seen[0]), "The calls did not answer.")
    expect(
        all(s[0] == 1 for s in seen[0][:13]),
        "A call with other arguments (or with the same in another order, under each other's names, "
        "cut at another place, or a string in place of a number) was answered from the cache.",
    )
    expect(all(s[1] is True for s in seen[0]), "A result with several arguments is wrong.")
    expect(all(s[0] == 0 for s in seen[0][13:]), "Calls with equal arguments were computed again.")
    expect(
        seen[1] == 1,
        "Two decorated functions share a cache: one was answered with the other's result.",
    )
    expect(seen[2] is True, "Name, docstring or __wrapped__ of the function got lost.")


@check(points=1, hint="After a new result went in, look at len(); the oldest is easy to throw out.")
def test_maxsize(student, rng):
    """At most maxsize results are kept, the newest among them; a negative one is refused."""
    size = rng.randint(2, 5)
    arrays = [np.array([n, 1]) for n in rng.sample(range(99), size + 4)]

    @student.observe(arrays=arrays, size=size)
    def seen(module, arrays, size):
        import numpy as np

        computed = []

        def double(x):
            computed.append(1)
            return x + x

        found = []
        for some, maxsize in ((arrays[:size], size), (arrays, size), (arrays, 1)):
            cached = module.array_cache(maxsize=maxsize)(double)
            again = 0
            for x in some:
                cached(x)
                before = len(computed)
                cached(x.copy())
                again += len(computed) - before
            before = len(computed)
            for x in reversed(some):  # the newest first
                cached(x)
            found.append([again, len(some) - (len(computed) - before)])
        try:
            module.array_cache(-1)
            refused = False
        except ValueError:
            refused = True
        usual, default = module.array_cache()(double), []
        for count in (128, 128, 129, 129):
            before = len(computed)
            for n in range(count):
                usual(np.array([n, 2]))
            default.append(len(computed) - before)
        return [found, refused, default]

    good = is_list(seen, 3) and is_list(seen[0], 3)
    good = good and all(is_list(s, 2) and all(type(n) is int for n in s) for s in seen[0])
    expect(bool(good), "The calls did not answer.")
    (again, hits), *small = seen[0]
    expect(again == 0 and hits == size, "With as many inputs as maxsize, not all were kept.")
    for (again, hits), most in zip(small, (size, 1), strict=True):
        expect(again == 0, "In a full cache the newest result was not kept.")
        expect(hits <= most, "More results were kept than maxsize allows.")
    expect(seen[1] is True, "array_cache(-1) is a ValueError, when it is called.")
    default = seen[2]
    good = is_list(default, 4) and all(type(n) is int for n in default)
    expect(
        bool(good) and default[1] == 0 and default[3] > 0,
        "Without maxsize as many results are kept as the default in the signature says.",
    )


@check(points=2, hint="Who finds that somebody is computing already waits for that result.")
def test_threads_compute_once(student, rng):
    """Of eight threads that ask for the same at once, one computes; each gets its own result."""
    for _ in range(2):
        seen = student.run(crowd, array=whole(rng, 50), fails=False)
        expect(is_list(seen, 3) and type(seen[0]) is int, "The threads did not answer.")
        computed, left, got = seen
        if computed == 0:
            names = sorted({g for g in got if type(g) is str}) if type(got) is list else got
            fail(
                "Eight threads asked, with an array and another hashable object, and the "
                f"function was not called. What they got: {show(names)}"
            )
        expect(
            computed == 1,
            f"Eight threads that asked for the same at once computed it {computed} times. Each "
            "looked, found nothing and went on before the first had stored its result.",
        )
        expect(left == 0, "Some of eight threads never got their result.")
        good = is_list(got, 8) and all(is_list(g, 3) for g in got)
        expect(good, "Some of eight threads got an exception instead of the result.")
        expect(all(g[1] is True for g in got), "Some of eight threads got a wrong result.")
        expect(
            all(g[2] is True for g in got),
            "Threads that waited for one computation got one and the same array: what one of "
            "them does to it, the others see.",
        )


@check(points=1, hint="Those who wait must be woken in any case: try, except, raise.")
def test_exceptions_are_not_kept(student, rng):
    """An exception reaches the caller and is not kept; nobody waits for ever."""

    @student.observe(value=rng.randint(1, 99))
    def seen(module, value):
        import numpy as np

        computed, made = [], LookupError("not yet")

        @module.array_cache()
        def double(x):
            computed.append(1)
            if len(computed) < 3:
                raise made
            return x + x

        ends = []
        for _ in range(4):
            try:
                ends.append(int(double(np.array([value]))[0]) == 2 * value)
            except LookupError as error:
                ends.append("raised" if error is made else "another")
        return [ends, len(computed)]

    expect(is_list(seen, 2) and is_list(seen[0], 4), "The calls did not answer.")
    ends, computed = seen
    expect(ends[0] == "raised", "The exception of the function did not reach the caller unchanged.")
    expect(
        ends == ["raised", "raised", True, True] and computed == 3,
        "After an exception the next call has to compute again, and a result is kept then.",
    )
    crowded = student.run(crowd, array=whole(rng, 50), fails=True)
    expect(is_list(crowded, 3), "The threads did not answer.")
    expect(crowded[0] != 0, "Eight threads asked, and the function was not called.")
    expect(crowded[1] == 0, "When the computation failed, threads that waited for it never ended.")
    good = is_list(crowded[2], 8) and all(type(g) is str and g == "LookupError" for g in crowded[2])
    expect(
        good,
        "When the computation failed, a thread that waited got something else than the exception.",
    )


@check(points=1, kind="performance", hint="One fast fingerprint, one look into a dict, one copy.")
def test_hits_are_fast(student, baseline, compare_speed, rng):
    """A hit takes at most a tenth of the time of computing."""
    bare = baseline("def array_cache(maxsize=128):\n    return lambda function: function\n")
    seed = rng.randint(1, 10**9)
    speed = compare_speed(
        student,
        bare,
        asked,
        lambda _: {"seed": seed, "which": rng.randrange(4)},
        at_most=0.1,
        same=lambda mine, other: type(mine) is float and mine == other,
    )
    expect(
        speed.ratio <= 0.1,
        f"A hit takes {speed.ratio:.2f}x as long as computing; at most 0.1x are allowed.",
    )
