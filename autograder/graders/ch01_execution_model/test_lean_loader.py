"""Hidden grader of ``lean_loader``."""

import numpy as np

from autograder.checks import check, error_name, expect, fail, show

# -- pieces of observations ---------------------------------------------------------------------


def places(found, rows):
    """Which rows these are, by identity; -1 for an object that is none of them."""
    if not isinstance(found, list):
        return type(found).__name__
    return [next((i for i, row in enumerate(rows) if row is item), -1) for item in found[:500]]


def living(rows):
    """The places of the weak references whose objects are still there."""
    import gc

    gc.collect()
    return [place for place, row in enumerate(rows) if row() is not None]


def make_rows(size, name="Row"):
    """Rows that can be watched: any object of a class of one's own can."""
    row = type(name, (), {})
    return [row() for _ in range(size)]


def owners(module, kind, size, count, width):
    """How many more references there are than before: ``[to the data, to other rows, at the end]``.

    The rows are those of any program, lists or tuples, and the arrays plain ones: nothing about
    them shows a watcher. The first two figures are those while the loader is there,
    the last one is the largest of all when it is gone.
    """
    import gc
    import sys

    import numpy as np

    if kind == "array":
        data, rows = np.ones((size, width), np.float32), []
    else:
        rows = [(list if kind == "lists" else tuple)(range(n, n + width)) for n in range(size)]
        data = list(rows)

    def counted():
        gc.collect()
        return [sys.getrefcount(data), *map(sys.getrefcount, rows)]

    before = counted()
    load = module.lean_loader(data, count)
    load()
    during = counted()
    del load
    after = counted()
    more, left = ([n - m for n, m in zip(now, before, strict=True)] for now in (during, after))
    return [more[0], max([0, *more[1 + count :]]), max(left)]


def judge_rows(found, wanted, what):
    """Hold places of rows against those that were asked for."""
    expect(type(found) is not str, f"{what} the loader returned no list.")
    whole = type(found) is list and all(type(place) is int for place in found)
    expect(whole, "What the loader returned could not be read.")
    expect(
        -1 not in found,
        f"{what} some of the rows are not the objects that the list held: "
        "copies of them, or objects put there later.",
    )
    expect(len(found) <= len(wanted), f"{what} the loader returned too many rows.")
    expect(found == wanted, f"{what} the loader returned other rows than the first, or too few.")


def judge_owners(seen, what):
    """Nobody may have the data but who made it, and nobody a row when the loader is gone."""
    good = type(seen) is list and [*map(type, seen)] == [int] * 3
    expect(good, "How many references there are could not be read.")
    data, others, left = seen
    expect(
        data <= 0 and others <= 0,
        f"While a loader is there, something else than its rows is "
        f"kept: there are more references to {what} than before.",
    )
    expect(left <= 0, "The loader was gone, and something still holds the data or rows of it.")


def judge_array(found, wanted, what):
    """Hold an array against the one that was asked for."""
    expect(isinstance(found, np.ndarray), f"{what} the loader returned no array.")
    expect(found.dtype == wanted.dtype, f"{what} the loader's rows have another dtype.")
    expect(
        found.shape == wanted.shape,
        f"{what} the loader's rows have another number or shape than those asked for.",
    )
    expect(
        bool(np.array_equal(found, wanted)),
        f"{what} the loader returned other values than the first rows had when it was made.",
    )


def readable(seen, length):
    expect(
        type(seen) is list and len(seen) == length, "What the loader returned could not be read."
    )
    return seen


def some_array(rng, rows):
    """An array of that many rows, of any dtype and shape."""
    inner = rng.choice([(), (3,), (2, 4)])
    values = np.array([rng.randint(0, 250) for _ in range(rows * int(np.prod(inner, dtype=int)))])
    return values.reshape(rows, *inner).astype(rng.choice(["float32", "int64", "uint8", "bool"]))


# -- the checks -----------------------------------------------------------------------------------


@check(points=1, public=True, hint="A function without arguments, made by a `def` within yours.")
def test_rows_of_a_list(student):
    """The loader returns the first rows of a list: the same objects, each time."""

    @student.observe(helpers=(places,))
    def seen(module):
        rows = [["cat", 0], ["dog", 1], ["cow", 2]]
        load = module.lean_loader(rows, 2)
        found = load()
        kind = "list" if isinstance(found, list) else type(found).__name__
        return [kind, places(found, rows), places(load(), rows)]

    kind, first, second = readable(seen, 3)
    expect(
        kind == "list",
        f"The loader should return a list; it returned an object of type {show(kind)}.",
    )
    expect(
        first != [-1, -1],
        "The rows are copies: the loader should return the very objects that the list held.",
    )
    expect(
        first == [0, 1],
        "Of three rows, the first two were asked for (rows 0 and 1); yours "
        f"returned {show(first)}.",
    )
    expect(second == [0, 1], f"The second call returned {show(second)} instead of rows 0 and 1.")


@check(points=1, public=True, hint="What does a slice of an array share with the array?")
def test_rows_of_an_array(student):
    """The loader returns the first rows of an array, in memory of its own."""

    @student.observe()
    def seen(module):
        import numpy as np

        data = np.arange(12, dtype=np.int16).reshape(6, 2)
        found = module.lean_loader(data, 2)()
        is_array = isinstance(found, np.ndarray)
        shared = is_array and bool(np.shares_memory(found, data))
        return [type(found).__name__, np.array(found) if is_array else None, shared]

    kind, found, shared = readable(seen, 3)
    wanted = np.arange(4, dtype=np.int16).reshape(2, 2)
    expect(
        isinstance(found, np.ndarray),
        f"Of an array the loader should return an array; it "
        f"returned an object of type {show(kind)}.",
    )
    expect(
        shared is False,
        "The loader's array is a view: it shares the memory of `data`. A slice of an array is no "
        "copy, and its `base` keeps the whole array.",
    )
    expect(found.dtype == wanted.dtype, f"Rows of int16 came back as {found.dtype.name}.")
    expect(
        bool(np.array_equal(found, wanted)),
        "Of [[0, 1], [2, 3], [4, 5], …] the first two "
        f"rows were asked for; yours returned {show(found.tolist())}.",
    )


@check(points=1, hint="Try no rows, one row and all rows.")
def test_any_count(student, rng):
    """Any count from 0 to all rows, of lists and arrays, on every call."""
    size = rng.randint(6, 30)
    for count in (0, 1, rng.randint(2, size - 2), size):
        what = f"With {'no rows' if not count else 'all rows' if count == size else 'a few rows'}"
        array = some_array(rng, size)

        @student.observe(helpers=(places, make_rows), size=size, count=count, array=array)
        def seen(module, size, count, array):
            rows = make_rows(size)
            from_list, from_array = (module.lean_loader(d, count) for d in (list(rows), array))
            return [[places(from_list(), rows), from_array()] for _ in range(3)]

        for call in readable(seen, 3):
            found, rows = readable(call, 2)
            judge_rows(found, [*range(count)], f"{what} of a list asked for,")
            judge_array(rows, array[:count], f"{what} of an array asked for,")


@check(points=2, hint="When does your code take the rows: in lean_loader or in the loader?")
def test_later_changes(student, rng):
    """What is replaced, removed or overwritten in the data later does not show."""
    size = rng.randint(8, 30)
    count, array = rng.randint(2, 6), some_array(rng, size).astype("float32")

    @student.observe(helpers=(places, make_rows), size=size, count=count, array=array)
    def seen(module, size, count, array):
        rows = make_rows(size)
        data, other = list(rows), array.copy()
        load, load_array = module.lean_loader(data, count), module.lean_loader(other, count)
        data[0] = other[0] = -1
        found = [[places(load(), rows), load_array()]]
        data[:] = [None] * size
        other[:] = -2
        found.append([places(load(), rows), load_array()])
        data.clear()
        return [*found, [places(load(), rows), load_array()]]

    for moment in readable(seen, 3):
        found, rows = readable(moment, 2)
        # Where none of the rows is one of the list's, they are copies.
        late = type(found) is list and -1 in found and found != [-1] * count
        expect(
            not late,
            "A row of the list was replaced after the loader had been made, and that "
            "shows: the rows are taken when the loader runs, not when it is made.",
        )
        judge_rows(found, [*range(count)], "After changes to the list")
        judge_array(rows, array[:count], "After the array had been written to")


@check(points=2, hint="load.__code__.co_freevars names what a closure keeps. Is `data` among it?")
def test_other_rows_go(student, rng):
    """The list and its other rows go once nobody else has them; the loader's own stay."""
    size = rng.randint(20, 60)
    count = rng.randint(2, 9)
    name = rng.choice(["Image", "Sample", "Annotation", "Label", "Entry", "Record", "Box"])

    @student.observe(helpers=(living, make_rows), size=size, count=count, name=name)
    def seen(module, size, count, name):
        import weakref

        data = make_rows(size, name)
        watched = [weakref.ref(row) for row in data]
        load = module.lean_loader(data, count)
        del data
        before = living(watched)
        del load
        return [before, living(watched)]

    for found in readable(seen, 2):
        whole = type(found) is list and all(type(place) is int for place in found)
        expect(whole, "Which rows were still there could not be read.")
    before, after = seen
    others = [place for place in before if place >= count]
    expect(
        not others,
        "The other rows were still alive when nobody but the loader had the list: it keeps all of "
        "it. A function keeps every variable that it mentions, every default argument, "
        "and a bound method its object.",
    )
    expect(before == [*range(count)], "Some of the loader's own rows were gone.")
    expect(
        not after,
        "The loader was gone, and rows of it were still alive: something outside of it holds them.",
    )

    for kind in ("lists", "tuples"):
        work = {"kind": kind, "size": rng.randint(20, 400), "count": count, "width": 2}
        judge_owners(student.run(owners, **work), "the list or its other rows")


@check(points=2, hint="An array's slice has the array as its `base`. What has none?")
def test_array_goes(student, rng):
    """The array goes once nobody else has it."""
    size, count = rng.randint(20, 60), rng.randint(1, 9)
    shapes = [[size], [size, rng.randint(2, 5)], [size, 3, 2]]

    @student.observe(helpers=(living,), shapes=shapes, count=count)
    def seen(module, shapes, count):
        import weakref

        import numpy as np

        found = []
        for shape in shapes:
            data = np.ones(shape)
            watched = weakref.ref(data)
            load = module.lean_loader(data, count)
            del data
            found.append([len(living([watched])), len(load())])
        return found

    for alive, rows in (readable(entry, 2) for entry in readable(seen, len(shapes))):
        expect(type(rows) is int and rows == count, "The loader returned another number of rows.")
        expect(
            type(alive) is int and alive == 0,
            "Nobody but the loader had the array, and it was still alive: the function mentions "
            "`data`, or what it keeps is a view (a slice of an array), whose base is all of it.",
        )
    for size in (rng.randint(20, 60), rng.randint(1000, 4000)):
        work = {"kind": "array", "size": size, "count": count, "width": rng.randint(2, 70)}
        judge_owners(student.run(owners, **work), "the array")


@check(points=2, kind="memory", hint="Copy the rows that you have cut off; do not cut a copy.")
def test_keeps_little(student, rng):
    """A loader of few rows keeps at most 0.01x the memory of the data."""
    # Loaders of many lists or arrays of 2 MB: what each retains adds up, what lean_loader
    # needs while it works does not.
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
        wanted = [[count, number] for number in range(rounds)]
        expect(
            repr(peak.value) == repr(wanted),
            "Loaders made one after the other returned other rows than those of their own data.",
        )
        allowed = (0.01 * rounds + 4) * each
        peak = peak.settled(allowed)
        if peak.bytes > allowed:
            cause = "Is it a slice of a whole copy? Its base is that copy." * (kind == "array")
            fail(
                f"{rounds} loaders of {count} rows, each from {kind}s of {each / 1e6:.1f} MB, took "
                f"{peak.megabytes:.0f} MB together; the limit is {allowed / 1e6:.0f} MB (0.01x for "
                f"each, and 4x once to work with). They keep far more than their rows. {cause}"
            )


@check(points=1, hint="What a loader knows belongs to that loader alone.")
def test_loaders_are_independent(student, rng):
    """Loaders made one after the other, of the same data or other, do not share their rows."""
    size, counts = rng.randint(20, 40), rng.sample(range(2, 19), 3)

    @student.observe(helpers=(places, make_rows), size=size, counts=counts)
    def seen(module, size, counts):
        one, two = make_rows(size), make_rows(size)
        loaders = [module.lean_loader(list(one), count) for count in counts]
        loaders.append(module.lean_loader(list(two), counts[0]))
        found = [places(load(), one) for load in loaders[:3]]
        return [*found, places(loaders[3](), two)]

    for found, count in zip(readable(seen, 4), [*counts, counts[0]], strict=True):
        judge_rows(found, [*range(count)], "When several loaders had been made,")


@check(points=1, hint="A slice takes a negative number for a place counted from the end.")
def test_negative_count(student, rng):
    """A negative count is a ValueError of lean_loader itself."""

    @student.observe(count=-rng.randint(1, 9))
    def seen(module, count):
        import numpy as np

        ends = []
        for data in ([[1], [2], [3]] * 5, np.ones((15, 2))):
            try:
                module.lean_loader(data, count)
                ends.append("accepted")
            except NotImplementedError:
                raise
            except Exception as error:
                names = [kind.__name__ for kind in type(error).__mro__]
                ends.append("ValueError" if "ValueError" in names else names[0])
        return ends

    for end in readable(seen, 2):
        expect(
            end != "accepted",
            "lean_loader took a negative count. To a slice it means "
            "`all but the last`, which nobody asked for.",
        )
        expect(
            end == "ValueError",
            f"With a negative count it raised {error_name(end)}, not ValueError.",
        )
