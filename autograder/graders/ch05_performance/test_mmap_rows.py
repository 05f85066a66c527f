"""Hidden grader of ``mmap_rows``."""

import io
import string

import numpy as np

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary.evidence import read
from autograder.judging.vocabulary.files import put
from autograder.judging.vocabulary.leftovers import descriptors
from autograder.judging.vocabulary.measures import expect_peak
from autograder.judging.vocabulary.refusals import Refusal, error_of, expect_refusal

# -- what runs in the sandbox ---------------------------------------------------------------


def plain(rows):
    """A copy that can be sent, or what it is instead."""
    import numpy as np

    if not isinstance(rows, np.ndarray):
        return "nothing" if rows is None else "something else"
    return np.array(rows) if rows.dtype.kind in "biuf" else "something else"


def asked(module, name, content, indices, as_path):
    """The length, and what each index brings."""
    path = put(name, content)
    rows = module.MmapRows(path if as_path else str(path))
    found = [len(rows), [plain(rows[index]) for index in indices]]
    rows.close()
    return found


def beyond(module, name, content, indices):
    """What each index raises; the first row before and afterwards; descriptors left."""
    path = put(name, content)
    rows = module.MmapRows(path)
    first = plain(rows[0])
    found = [error_of(lambda: rows[index], "IndexError") for index in indices]
    again = plain(rows[0])
    rows.close()
    return [found, first, again, descriptors(path)]


def owned(module, name, content, indices, other):
    """Write to rows, then to the file: ``[refused, next, file is the same, kept]``.

    ``next`` is what each index brings right after its rows were written to, ``kept`` what rows
    hold that were handed over before the file's data were replaced by those of ``other``.
    """
    path = put(name, content)
    rows = module.MmapRows(path)
    refused, after = 0, []
    for index in indices:
        row = rows[index]
        try:
            row[...] = 0
        except ValueError:  # read-only
            refused += 1
        del row
        after.append(plain(rows[index]))
    same = path.read_bytes() == content
    held = [rows[index] for index in indices]
    with path.open("r+b") as file:
        file.write(other)
    kept = [plain(row) for row in held]
    rows.close()
    return [refused, after, same, kept]


def closing(module, name, content, how):
    """End it while its rows are held: ``[descriptors left, the rows, what came through]``."""
    path = put(name, content)
    rows, held, came = module.MmapRows(path), [], ""
    if how == "close":
        held = [rows[1], rows[[2, 0]]]
        rows.close()
    else:
        try:
            with rows as inner:
                held = [inner[1], inner[[2, 0]]]
                if how == "error":
                    raise ArithmeticError("on its way")
        except ArithmeticError as error:
            came = str(error)
    return [descriptors(path), [plain(row) for row in held], came]


def pickled(module, name, content, other, index):
    """``[bytes of the pickle, a row before, the copy's row, its length, descriptors left, rows]``.

    The copy is made after another file has taken the place of the first one. ``rows`` is how many
    of the rows that were asked for are in the pickle.
    """
    import os
    import pickle

    path = put(name, content)
    rows = module.MmapRows(path)
    for asked_for in (index, [index, 1], [2]):
        rows[asked_for]
    text = pickle.dumps(rows)
    before = plain(rows[index])
    inside = sum(rows[number].tobytes() in text for number in (index, 1, 2))
    rows.close()
    if len(text) > 10_000:
        return [len(text), before, before, 0, 0, inside]
    os.replace(put(name, other), path)
    copy = pickle.loads(text)
    found = [len(text), before, plain(copy[index]), len(copy)]
    copy.close()
    return [*found, descriptors(path), inside]


def opened(module, name, content):
    """``[rows, how often the file was opened, how often for writing, and how often in fact]``.

    The first two are what Python has heard of. The last one is the kernel's (inotify, on Linux):
    how often a descriptor was closed that could write, whoever had opened it.
    """
    import ctypes
    import os
    import pickle
    import sys

    path, seen = put(name, content), []

    def hook(event, arguments):
        if event == "open":
            file, _, flags = arguments
            if isinstance(file, (str, bytes, os.PathLike)) and isinstance(flags, int):
                if os.path.basename(os.fsdecode(file)) == path.name:
                    seen.append(flags & (os.O_WRONLY | os.O_RDWR))

    libc, ear = ctypes.CDLL(None), -1
    if hasattr(libc, "inotify_init1"):
        ear = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        libc.inotify_add_watch(ear, os.fsencode(path), 8)  # IN_CLOSE_WRITE
    sys.addaudithook(hook)
    found = []
    with module.MmapRows(path) as rows:
        found = [plain(rows[0]), plain(rows[[1, 0]])]
        with pickle.loads(pickle.dumps(rows)) as again:
            found.append(plain(again[0]))
    del rows, again
    try:
        closed = len(os.read(ear, 4096)) // 16 if ear >= 0 else 0
    except BlockingIOError:  # nothing of that kind has happened
        closed = 0
    return [found, len(seen), sum(map(bool, seen)), closed]


def missing(module, name, content):
    """What a missing file raises, at the latest when a row is asked for."""
    path = put(name, content)
    rows = module.MmapRows(path)
    found = plain(rows[0])
    rows.close()
    gone = path.with_name("no_such_file.npy")
    return [found, error_of(lambda: module.MmapRows(gone)[0], "FileNotFoundError")]


def big(module, name, header, count, places, values, requests):
    """A few rows of a big file, most of which is holes, so that it is made in no time."""
    path = put(name, header)
    size = values[0].nbytes
    with path.open("r+b") as file:
        file.truncate(len(header) + count * size)
        for place, row in zip(places, values, strict=True):
            file.seek(len(header) + place * size)
            file.write(row.tobytes())
    rows = module.MmapRows(str(path))
    found = [len(rows), [plain(rows[request]) for request in requests]]
    rows.close()
    return found


# -- what the judge knows -------------------------------------------------------------------


WHAT = "What MmapRows did"


def _table(rng, count, columns, dtype="float32"):
    random = np.random.default_rng(rng.getrandbits(32))
    return random.integers(0, 200, (count, columns)).astype(dtype)


def _content(table):
    file = io.BytesIO()
    np.save(file, table)
    return file.getvalue()


def _name(rng):
    return "".join(rng.choices(string.ascii_lowercase, k=9)) + ".npy"


def _seen(student, rng, table, observation, kinds, **arguments):
    """Run one of the above on a file of the table; the evidence, which is of these kinds."""
    file = {"name": _name(rng), "content": _content(table)}
    seen = student.run(observation, **file, helpers=(plain,), **arguments)
    return read(seen, kinds, WHAT)


def _judge(found, table, index, what, shown=""):
    """Hold what one index brought against the table; names the known mistakes."""
    wanted = table[index]
    if type(found) is str:
        fail(f"{what} brought {found}, not an array of numbers.{shown}")
    expect(isinstance(found, np.ndarray), f"{what} brought something that could not be read.")
    right = found.shape == wanted.shape
    expect(right, f"{what} brought an array of another shape than was asked for.{shown}")
    if not np.array_equal(found, wanted) and type(index) is list:
        ordered = [i % len(table) for i in index]
        lost = bool(np.array_equal(found, table[sorted(ordered)]))
        expect(
            not lost,
            f"{what} brought the rows in the order of the file, not in that of the request.{shown}",
        )
    expect(bool(np.array_equal(found, wanted)), f"{what} brought other values.{shown}")
    expect(found.dtype == wanted.dtype, f"{what} brought another dtype than that of the file.")


def _asked(student, rng, table, indices, as_path=True):
    kinds = [object, [object] * len(indices)]
    return _seen(student, rng, table, asked, kinds, indices=indices, as_path=as_path)


@check(points=1, public=True, hint="What does numpy.load(path, mmap_mode='r')[index] bring?")
def test_small_example(student, rng):
    """Of 5 rows: the length, rows[1], rows[-1] and rows[[4, 0, 4]]."""
    table = np.arange(15, dtype=np.float32).reshape(5, 3)
    indices = [1, -1, [4, 0, 4]]
    length, found = _asked(student, rng, table, indices)
    expect(same(length, 5), f"len(rows) is {show(length)} with 5 rows.")
    for index, rows in zip(indices, found, strict=True):
        text = rows.tolist() if isinstance(rows, np.ndarray) else rows
        shown = f"\nYours: {show(text)}; right is {table[index].tolist()}."
        _judge(rows, table, index, f"rows[{index}]", shown)


@check(points=1, public=True, hint="Hand out copies, and keep the map to yourself.")
def test_rows_survive_the_file(student, rng):
    """In a `with` block, take rows[1]; after the block the file is closed, the row is there."""
    table = np.arange(15, dtype=np.float32).reshape(5, 3)
    left, rows, _ = _seen(student, rng, table, closing, [int, list, str], how="with")
    expect(
        same(rows, [table[1], table[[2, 0]]]),
        "After the block, what rows[1] or "
        f"rows[[2, 0]] brought is not what was asked for: {show(rows)}",
    )
    expect(
        left == 0,
        "After the block the file is still open. Either the block's end lets "
        "nothing go, or what it gave out holds it: a piece of a map (a row, too) holds the "
        "whole map, and the map its file.",
    )


@check(points=1, hint="The header says how many rows there are, and of which dtype.")
def test_single_rows(student, rng):
    """Any row of any file, also counted from the end; the file's dtype; paths and strings."""
    for dtype in ("float32", "uint8", "int64", "float64", "bool"):
        count = rng.randint(20, 90)
        table = _table(rng, count, rng.randint(2, 30), dtype)
        indices = [0, count - 1, -1, -count, *rng.sample(range(-count, count), 8)]
        length, found = _asked(student, rng, table, indices, as_path=dtype in ("uint8", "float64"))
        expect(same(length, count), "len() is not the number of rows.")
        for index, row in zip(indices, found, strict=True):
            what = "A negative index" if index < 0 else "An index"
            _judge(row, table, index, f"{what} in a file of {dtype}")


@check(points=1, hint="map[[7, 2, 7]] keeps order and repetitions by itself.")
def test_lists_of_rows(student, rng):
    """Lists bring rows in the order of the request, also repeated and negative ones."""
    for dtype in ("float32", "uint8"):
        count = rng.randint(20, 90)
        table = _table(rng, count, rng.randint(2, 30), dtype)
        upwards = sorted(rng.sample(range(count), 6))
        mixed = rng.sample(range(-count, count), 9)
        indices = [upwards, upwards[::-1], mixed, mixed + mixed[:4], [rng.randrange(count)]]
        _, found = _asked(student, rng, table, indices)
        names = ("in order", "backwards", "with negative ones", "with repetitions", "of one index")
        for index, rows, name in zip(indices, found, names, strict=True):
            _judge(rows, table, index, f"A list {name}")


@check(points=1, hint="Do not wrap round, and do not cut off, what lies beyond either end.")
def test_index_error(student, rng):
    """Rows that do not exist are an IndexError, alone and in a list."""
    count = rng.randint(20, 50)
    table = _table(rng, count, 7)
    cases = {
        "The first index behind the end": count,
        "An index far behind the end": 3 * count,
        "The first negative index before the beginning": -count - 1,
        "A list with an index behind the end": [0, count, 1],
        "A list with an index before the beginning": [0, -count - 1],
    }
    kinds = [[str] * len(cases), object, object, int]
    ends, first, again, left = _seen(
        student, rng, table, beyond, kinds, indices=list(cases.values())
    )
    _judge(first, table, 0, "The first index")
    for what, end in zip(cases, ends, strict=True):
        expect_refusal(end, what, Refusal("IndexError", accepted="{What} raised nothing."))
    _judge(again, table, 0, "After an IndexError, the first index")
    expect(left == 0, "After an IndexError, close() leaves the file open.")


@check(points=1, hint="np.array(…) makes a copy; np.asarray and a slice make none.")
def test_rows_are_the_callers(student, rng):
    """Rows may be written to, and do not change with the file."""
    table, other = _table(rng, 40, 6) + 1, _table(rng, 40, 6) + 300
    one = rng.randrange(20)
    indices = [one, [one], -rng.randint(1, 20), rng.sample(range(40), 5), one]
    wanted = [table[index] for index in indices]
    kinds, work = [int, list, bool, list], {"indices": indices, "other": _content(other)}
    refused, after, unchanged, kept = _seen(student, rng, table, owned, kinds, **work)
    expect(
        unchanged, "What was written to a row went into the file: the map was opened for writing."
    )
    expect(
        refused == 0,
        f"{refused} of {len(indices)} arrays are read-only: the caller may write to them.",
    )
    written = any(isinstance(rows, np.ndarray) and not rows.any() for rows in after)
    expect(
        not written,
        "After a row was written to, the next request brings what was written: the row is a piece "
        "of the map, or one that you keep.",
    )
    expect(same(after, wanted), "The rows are not those of the file.")
    expect(
        same(kept, wanted),
        "Rows changed after they had been handed over, when the file did: they are pieces of the "
        "map, which is read when a value is used.",
    )


def _closed(student, rng, how, what):
    """Close it in one of three ways while its rows are held; what came through the block."""
    table = _table(rng, 30, 5)
    left, rows, came = _seen(student, rng, table, closing, [int, list, str], how=how)
    right = same(rows, [table[1], table[[2, 0]]])
    expect(right, f"{what}, the rows that it brought before are not those of the file.")
    expect(
        left == 0,
        f"{what}, the file is still open: your code holds it, or a row that was handed over does. "
        "An array that waits for the garbage collector holds it, too.",
    )
    return came


@check(points=1, hint="An np.memmap lies over a mmap object, its `base`, which has a close().")
def test_close(student, rng):
    """close() closes the file, while rows that were handed over are still held."""
    _closed(student, rng, "close", "After close()")


@check(points=1, hint="__exit__ runs however the block ends; what it returns decides what follows.")
def test_with_block(student, rng):
    """The end of a `with` block closes the file, after an exception, too, which goes on its way."""
    _closed(student, rng, "with", "After a `with` block")
    came = _closed(student, rng, "error", "After a `with` block that ended with an exception")
    expect(
        came == "on its way",
        "An exception in a `with` block was swallowed: __exit__ returned something true.",
    )


@check(points=1, hint="__reduce__ (or __getstate__ and __setstate__) says what is pickled.")
def test_pickles_by_path(student, rng):
    """A pickle holds the path, no rows; what is unpickled reads the file, whatever is in it now."""
    count, index = rng.randint(700, 800), rng.randrange(700)
    table, other = _table(rng, 900, 64), _table(rng, count, rng.randint(40, 60), "int64") + 300
    kinds, work = [int, object, object, int, int, int], {"other": _content(other), "index": index}
    size, before, row, length, left, inside = _seen(student, rng, table, pickled, kinds, **work)
    _judge(before, table, index, "After it was pickled, an index")
    expect(
        size <= 10_000,
        "Its pickle is about as large as the file: a map is pickled as the data behind it. Every "
        "worker process would get the whole file through a pipe.",
    )
    expect(inside == 0, "Rows that had been asked for before are in its pickle.")
    expect(
        not same(row, table[index]),
        "What was unpickled still knows the row that the file no longer holds: rows are in the "
        "pickle.",
    )
    what = "After another file took the place of the first, what was unpickled"
    expect(length == count, f"{what} has not the length of that file.")
    _judge(row, other, index, what)
    expect(left == 0, "What was unpickled does not let go of the file when it is closed.")


@check(points=1, hint='mmap_mode="r".')
def test_opened_for_reading_only(student, rng):
    """The file is never opened for writing."""
    table = _table(rng, 20, 6)
    kinds = [list, int, int, int]
    rows, opens, writes, closed = _seen(student, rng, table, opened, kinds)
    wanted = [table[0], table[[1, 0]], table[0]]
    expect(same(rows, wanted), "The rows are not those of the file.")
    expect(
        writes == 0,
        f"The file was opened {opens} times, {writes} times for writing (mode "
        '"r+"?). A write-protected data set could not be used.',
    )
    expect(
        closed == 0,
        "The file was opened for writing, past Python's own open(). A "
        "write-protected data set could not be used.",
    )


@check(points=1, hint="Let the error of open or np.load through.")
def test_missing_file(student, rng):
    """A missing file is a FileNotFoundError."""
    table = _table(rng, 20, 6)
    first, end = _seen(student, rng, table, missing, [object, str])
    _judge(first, table, 0, "The first index")
    accepted = "With {what} nothing was raised."
    expect_refusal(end, "a missing file", Refusal("FileNotFoundError", accepted=accepted))


# Beside 24 rows the slowest honest answers touch a few pages each (the system reads up to 16 pages
# around one): 1.5 MB, where 6 MB are allowed.
@check(points=12, kind="memory", hint="np.load reads the whole file, unless it gets a mmap_mode.")
def test_memory(student, rng):
    """A few rows of a big file take at most 0.05x its size."""
    count, columns = rng.randint(120_000, 130_000), 256
    whole = count * columns * 4
    header = io.BytesIO()
    described = {"descr": "<f4", "fortran_order": False, "shape": (count, columns)}
    np.lib.format.write_array_header_1_0(header, described)
    places = rng.sample(range(count), 24)
    values = _table(rng, 24, columns) + 1
    work = {"header": header.getvalue(), "count": count, "places": places, "values": list(values)}
    requests = [places[0], places[1], places[2:13], places[13:]]
    peak = student.within(scratch=2 * whole).peak_memory(
        big, name=_name(rng), **work, requests=requests, helpers=(plain,)
    )
    wanted = [values[0], values[1], values[2:13], values[13:]]
    expect(same(peak.value, [count, wanted]), "The rows of a big file are not right.")
    message = (
        "Peak {peak} for 24 rows of a file of {whole}; the limit is {limit} (0.05x). The file "
        "appears to be read whole."
    )
    expect_peak(peak, 0.05 * whole, message, whole=whole)
