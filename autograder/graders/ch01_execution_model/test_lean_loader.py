"""Hidden grader of ``lean_loader``."""

import numpy as np

from autograder.checks import check, expect, same, show
from autograder.judging.vocabulary.evidence import kind_of, read
from autograder.judging.vocabulary.measures import expect_peak
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals

# -- pieces of observations ---------------------------------------------------------------------


def places(found, rows):
    """Which rows these are, by identity; -1 for an object that is none of them."""
    if not isinstance(found, list):
        return type(found).__name__
    return [next((i for i, row in enumerate(rows) if row is item), -1) for item in found[:500]]


def make_rows(size):
    """Rows of all kinds, each an object of its own."""
    kinds = [object, list, lambda: {"label": 0}, set, lambda: [[1, 2], "cat"], bytearray]
    return [None, *(kinds[place % len(kinds)]() for place in range(1, size))]


def described(found, data):
    """An array as ``[dtype, shape, bytes, does it share memory with the data?]``."""
    import numpy as np

    if not isinstance(found, np.ndarray):
        return type(found).__name__
    description = [repr(found.dtype), list(found.shape), found.tobytes()]
    return [*description, bool(np.may_share_memory(found, data))]


def outlived(module, shape, count, name):
    """What is there while only the loader has the data, after a call of it, and without it.

    Places of rows of a list, or, of an array of this ``shape``, place 0 for the array.
    """
    import gc
    import weakref

    import numpy as np

    gc.disable()
    if shape is None:
        row = type(name, (), {})
        data = [row() for _ in range(60)]
        watched = [weakref.ref(row) for row in data]
    else:
        data = np.ones(shape)
        watched = [weakref.ref(data)]

    def living():
        return [place for place, row in enumerate(watched) if row() is not None]

    load = module.lean_loader(data, count)
    del data
    found = [living()]
    load()
    found.append(living())
    del load
    return [*found, living()]


def owners(module, kind, size, count, width):
    """How many more references there are than before: ``[to the data, to other rows, at the end]``.

    The rows are those of any program, lists or tuples, and the arrays plain ones: nothing about
    them shows a watcher. The first two figures are those while the loader is there,
    the last one is the largest of all when it is gone.
    """
    import sys

    import numpy as np

    if kind == "array":
        data, rows = np.ones((size, width), np.float32), []
    else:
        rows = [(list if kind == "lists" else tuple)(range(n, n + width)) for n in range(size)]
        data = list(rows)

    def counted():
        return [sys.getrefcount(data), *map(sys.getrefcount, rows)]

    before = counted()
    load = module.lean_loader(data, count)
    load()
    during = counted()
    del load
    after = counted()
    more, left = ([n - m for n, m in zip(now, before, strict=True)] for now in (during, after))
    return [more[0], max([0, *more[1 + count :]]), max(left)]


def make_array(values, shape, dtype, layout="plain"):
    """An array of these values: next to each other, by columns, backwards or every other row."""
    import numpy as np

    array = np.array(values).reshape(shape).astype(dtype)
    if layout == "backwards":
        return array[::-1].copy()[::-1]
    if layout == "every other":
        return np.repeat(array, 2, axis=0)[::2]
    return np.asfortranarray(array) if layout == "columns" else array


def judge_rows(found, wanted, what):
    """Hold places of rows against those that were asked for."""
    expect(type(found) is not str, f"{what} the loader returned no list.")
    read(found, list[int], "What the loader returned")
    expect(
        -1 not in found,
        f"{what} some of the rows are not the objects that the list held: copies of them, or "
        "objects put there later.",
    )
    expect(len(found) <= len(wanted), f"{what} the loader returned too many rows.")
    expect(found == wanted, f"{what} the loader returned other rows than the first, or too few.")


def judge_array(found, wanted, what):
    """Hold a description of an array against the one that was asked for."""
    expect(type(found) is not str, f"{what} the loader returned no array.")
    dtype, shape, data, shared = read(found, [str, list, bytes, bool], "What the loader returned")
    known = "Byte order and names of fields belong to it."
    expect(dtype == repr(wanted.dtype), f"{what} the rows have another dtype. {known}")
    expect(shape == list(wanted.shape), f"{what} the rows have another number or shape.")
    expect(data == wanted.tobytes(), f"{what} the rows are not the first ones as they were.")
    expect(
        not (shared and wanted.size),
        f"{what} the loader's array shares the memory of `data`. Neither a slice nor np.asarray "
        "makes a copy.",
    )


def some_array(rng, rows, dtype="float32"):
    """Arguments of `make_array`."""
    shape = [rows, *rng.choice([(), (3,), (2, 4)])]
    values = [rng.randint(0, 250) for _ in range(int(np.prod(shape)))]
    return {"values": values, "shape": shape, "dtype": dtype}


# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="A function without arguments, made by a `def` within yours.")
def test_rows_of_a_list(student):
    """The loader returns the first rows of a list: the same objects, each time."""

    @student.observe(helpers=(places,))
    def seen(module):
        rows = [["cat", 0], ["dog", 1], ["cow", 2]]
        load = module.lean_loader(rows, 2)
        return [places(load(), rows), places(load(), rows)]

    first, second = read(seen, [object] * 2, "What the loader returned")
    expect(type(first) is not str, f"The loader should return a list; it returned a {show(first)}.")
    expect(
        first != [-1, -1],
        "The rows are copies: the loader should return the very objects that the list held.",
    )
    expect(
        same(first, [0, 1]), f"The rows wanted are rows 0 and 1 of three; yours are {show(first)}."
    )
    expect(same(second, [0, 1]), f"The second call returned {show(second)}, not rows 0 and 1.")


@check(points=1, public=True, hint="What does a slice of an array share with the array?")
def test_rows_of_an_array(student):
    """The loader returns the first rows of an array, in memory of its own."""

    @student.observe()
    def seen(module):
        import numpy as np

        data = np.arange(12, dtype=np.int16).reshape(6, 2)
        found = module.lean_loader(data, 2)()
        return [found, isinstance(found, np.ndarray) and bool(np.shares_memory(found, data))]

    found, shared = read(seen, [object, bool])
    expect(
        isinstance(found, np.ndarray),
        f"From an array the loader should return an array; it returned {kind_of(found)}.",
    )
    expect(
        shared is False,
        "The loader's array is a view: it shares the memory of `data`. A slice of an array is no "
        "copy, and its `base` keeps the whole array.",
    )
    expect(found.dtype == np.int16, f"Rows of int16 came back as {found.dtype.name}.")
    expect(
        same(found, np.arange(4, dtype=np.int16).reshape(2, 2)),
        "The first two rows of [[0, 1], [2, 3], [4, 5], …] were asked for; yours returned "
        f"{show(found.tolist())}.",
    )


@check(points=1, hint="Try no rows, one row and all rows; and rows of any kind.")
def test_any_count(student, rng):
    """Any count from 0 to all rows, of any objects, on every call."""
    size = rng.randint(7, 30)
    counts = {"no rows": 0, "one row": 1, "a few rows": rng.randint(2, size - 2), "all rows": size}

    @student.observe(helpers=(places, make_rows), size=size, counts=[*counts.values()])
    def seen(module, size, counts):
        rows = make_rows(size)
        loaders = [module.lean_loader(list(rows), count) for count in counts]
        return [[places(load(), rows) for load in loaders] for _ in range(3)]

    for call in read(seen, [[object] * 4] * 3, "What the loader returned"):
        for found, (what, count) in zip(call, counts.items(), strict=True):
            judge_rows(found, [*range(count)], f"With {what} of a list asked for,")


@check(points=1, hint="Copy what you cut off, whatever its dtype, its layout and its size.")
def test_any_array(student, rng):
    """Any dtype, byte order and layout, from no rows to all: a copy of the same dtype."""
    fields = [("label", ">i4"), ("score", "<f2")]
    layouts = ["plain", "columns", "backwards", "every other"]
    for dtype in (rng.choice([">i4", ">f8"]), rng.choice(["float16", "bool"]), "U3", fields):
        size = 2 * rng.randint(3, 9)
        plan = some_array(rng, size, dtype) | {"layout": layouts.pop(rng.randrange(len(layouts)))}
        counts = [0, 1, rng.randint(2, size - 1), size]

        @student.observe(helpers=(described, make_array), plan=plan, counts=counts)
        def seen(module, plan, counts):
            data = make_array(**plan)
            loaders = [module.lean_loader(data, count) for count in counts]
            return [described(load(), data) for _ in range(2) for load in loaders]

        rows = make_array(**plan)
        for count, found in zip(counts * 2, read(seen, [object] * 8), strict=True):
            what = "no rows" if not count else "all rows" if count == size else "a few rows"
            judge_array(found, rows[:count], f"With {what} of an array asked for,")

    @student.observe(size=rng.randint(4, 9))
    def of_objects(module, size):
        import numpy as np

        data, rows = np.empty(size, object), [[place, place + 1] for place in range(size)]
        data[:] = rows
        found = [module.lean_loader(data, count)() for count in (0, 1, size - 1, size)]
        return [
            isinstance(array, np.ndarray)
            and [array.dtype == object, *array.shape] == [True, count]
            and array.tolist() == rows[:count]
            for array, count in zip(found, (0, 1, size - 1, size), strict=True)
        ]

    expect(
        same(of_objects, [True] * 4),
        "From an array of objects, whose rows are lists, the loader did not return an array of the "
        "first of these objects. Do not build the array anew from a list.",
    )


@check(points=1, hint="When does your code take the rows: in lean_loader or in the loader?")
def test_later_changes(student, rng):
    """The loader returns the rows as they were, whatever becomes of the data or other loaders."""
    size, count = rng.randint(8, 30), rng.randint(2, 6)
    plan = some_array(rng, size)
    helpers = (places, make_rows, described, make_array)

    @student.observe(helpers=helpers, size=size, count=count, plan=plan)
    def seen(module, size, count, plan):
        rows, array = make_rows(size), make_array(**plan)
        data = list(rows)
        loaders = [module.lean_loader(data, count), module.lean_loader(array, count)]

        def now():
            return [places(loaders[0](), rows), described(loaders[1](), array)]

        data[0] = array[0] = -1
        found = [now()]
        data[:] = [None] * size
        array[:] = -2
        found.append(now())
        data.clear()
        for other in (make_rows(size), make_array(**plan) + 1):
            module.lean_loader(other, size)()
        return [*found, now()]

    for found, rows in read(seen, [[object] * 2] * 3, "What the loader returned"):
        # Where none of the rows is one of the list's, they are copies.
        expect(
            not (type(found) is list and -1 in found and found != [-1] * count),
            "A row of the list was replaced after the loader had been made, and that "
            "shows: the rows are taken when the loader runs, not when it is made.",
        )
        judge_rows(found, [*range(count)], "After changes to the list, or with other loaders,")
        what = "After changes to the array, or with other loaders,"
        judge_array(rows, make_array(**plan)[:count], what)


@check(points=9, hint="load.__code__.co_freevars names what a closure keeps. Is `data` among it?")
def test_nothing_else_is_kept(student, rng):
    """The data and its other rows go at once when no other code has them."""
    count = rng.randint(2, 9)
    name = rng.choice(["Image", "Sample", "Annotation", "Label", "Entry", "Record", "Box"])
    keeps = "A function keeps every variable that it mentions, every default argument"
    seen = student.run(outlived, shape=None, count=count, name=name)
    for found in read(seen, [list[int]] * 3, "Which rows were still there")[:2]:
        expect(
            not [place for place in found if place >= count],
            "The other rows were still alive when no other code had the list: the loader keeps all "
            f"of it. {keeps}, and a bound method its object.",
        )
        expect(found == [*range(count)], "Some of the loader's own rows were gone.")
    seen = student.run(outlived, shape=None, count=0, name=name)
    expect(
        read(seen, [list[int]] * 3, "Which rows were still there")[0] == [],
        "With a count of 0, rows were still alive when no other code had the list: not even its "
        "empty loader may keep it.",
    )
    shape = [rng.randint(20, 60), *rng.choice([(), (3,), (3, 2)])]
    for rows in (count, 0, shape[0]):
        seen = student.run(outlived, shape=shape, count=rows, name=name)
        expect(
            read(seen, [list[int]] * 3, "Whether the array was still there")[:2] == [[], []],
            "No other code had the array, and it was still alive: the function mentions `data`, or "
            "what it keeps is a view (a slice of an array, even of no rows or all), whose base is "
            f"all of it. {keeps}.",
        )
    for kind, size in ((rng.choice(["lists", "tuples"]), 400), ("array", rng.choice([60, 4000]))):
        work = {"kind": kind, "size": rng.randint(size // 2, size), "width": rng.randint(2, 20)}
        seen = student.run(owners, count=count, **work)
        data, others, _ = read(seen, [int] * 3, "How many references there are")
        expect(
            data <= 0 and others <= 0,
            "While a loader is there, something else than its rows is kept: there are more "
            f"references to {'the array' if kind == 'array' else 'the list or its other rows'} "
            "than before.",
        )


@check(points=1, hint="Only the function keeps the rows, and it must not refer to itself.")
def test_rows_go_with_the_function(student, rng):
    """When the loader goes, its rows go at once: nothing outside keeps them, and no cycle."""
    count = rng.randint(2, 9)
    seen = student.run(outlived, shape=None, count=count, name="Row")
    _, _, left = read(seen, [list[int]] * 3, "Which rows were still there")
    expect(
        not [place for place in left if place < count],
        "The loader was gone, and rows of it were still alive: something outside of it keeps them, "
        "or the function refers to itself and waits for the garbage collector.",
    )
    size, width = rng.randint(20, 90), rng.randint(2, 9)
    seen = student.run(owners, kind="lists", size=size, count=count, width=width)
    expect(
        read(seen, [int] * 3, "How many references there are")[2] <= 0,
        "The loader was gone, and something still holds the data or rows of it.",
    )


@check(points=1, kind="memory", hint="Copy the rows that you have cut off; do not cut a copy.")
def test_keeps_little(student, rng):
    """A loader of few rows keeps at most 0.01x the memory of the data."""
    # Loaders of many lists or arrays of 2 MB: what each retains adds up, what lean_loader
    # needs while it works does not. Slowest honest way: ten rows and a temporary file, 0.004x.
    rounds, size, count = 80, 2**18 + 64 * rng.randint(-300, 300), rng.randint(5, 11)
    each = 8 * size

    def hold(module, kind, rounds, size, count):
        import numpy as np

        loaders = []
        for number in range(rounds):
            data = [number] * size if kind == "list" else np.full((size // 64, 64), number * 1.0)
            loaders.append(module.lean_loader(data, count))
            del data
        found = [load() for load in loaders]
        if kind == "list":
            return [[len(rows), rows[0]] for rows in found]
        return [[len(rows), int(rows[0][0])] for rows in found]

    for kind in ("list", "array"):
        peak = student.peak_memory(hold, kind=kind, rounds=rounds, size=size, count=count)
        expect(
            same(peak.value, [[count, number] for number in range(rounds)]),
            "Loaders made one after the other returned other rows than those of their own data.",
        )
        cause = "Is it a slice of a whole copy? Its base is that copy." * (kind == "array")
        expect_peak(
            peak,
            (0.01 * rounds + 4) * each,
            f"{rounds} loaders of {count} rows, each from {kind}s of {{each}}, took {{peak}} "
            "together; the limit is {limit} (0.01x for each, and 4x once to work with). They keep "
            f"far more than their rows. {cause}",
            each=each,
        )


@check(points=1, hint="A slice takes a negative number for a place counted from the end.")
def test_negative_count(student, rng):
    """A negative count is a ValueError of lean_loader itself."""

    def call(module, kind, count, size):
        import numpy as np

        data = [[1], [2], [3]] * 5 * (size > 0)
        module.lean_loader(np.array(data) if kind == "array" else data, count)

    cases = [
        (f"a negative count and {what}", {"kind": kind, "count": count, "size": size})
        for what, kind, size in (
            ("a list", "list", 15),
            ("an array", "array", 15),
            ("an empty list", "list", 0),
            ("an empty array", "array", 0),
        )
        for count in ((-1, -rng.randint(2, 14), -rng.randint(16, 99)) if size else (-1,))
    ]
    accepted = (
        "lean_loader took {what}. To a slice it means `all but the last`; an error of the function "
        "comes late, and far from the mistake."
    )
    expect_refusals(student, call, cases, Refusal("ValueError", accepted=accepted))
