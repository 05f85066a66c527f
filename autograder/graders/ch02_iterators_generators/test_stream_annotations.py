"""Hidden grader of ``stream_annotations``."""

import gzip
import json
import re
import string

from autograder.checks import check, expect, fail, same, show
from autograder.judging.vocabulary import descriptors, in_another_locale, put, read
from autograder.judging.vocabulary.measures import expect_peak, expect_speed
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals, kinds_of

# -- what runs in the sandbox ---------------------------------------------------------------


def plain(batch):
    """A batch as a list of built-in dicts, or the name of what it is instead."""
    if not isinstance(batch, list):
        return type(batch).__name__
    return [dict(row) if isinstance(row, dict) else row for row in batch]


def read_file(module, name, content, options, as_path, broken):
    """Read a file to its end: ``[arrived, kept, distinct, end]``.

    Each batch as it was when it arrived and as it was at the end, how many distinct objects
    they are, and what ended it: None or ``[where, classes, text]`` of an exception. Of a file
    that is not ``broken`` only those are caught that come from how it was opened or cut.
    """
    path = put(name, content)
    call, where, arrived, kept, end = module.stream_annotations, "call", [], [], None
    try:
        stream = call(path if as_path else str(path), **options)
        where = "iteration"
        for batch in stream:
            kept.append(batch)
            arrived.append(plain(batch))
            if len(kept) > 400:
                break
    except Exception as error:
        opening = isinstance(error, (ValueError, OSError, EOFError))
        if isinstance(error, NotImplementedError) or not (broken or opening):
            raise
        text = "\n".join(map(str, [error, *getattr(error, "__notes__", [])]))
        # Names of temporary folders hold digits, which might be taken for a line number.
        text = text.replace(str(path.parent), "")[:4000]
        end = [where, kinds_of(error), text]
    return [arrived, [plain(batch) for batch in kept], len({id(batch) for batch in kept}), end]


def ending(module, name, content, how):
    """Start an iterator and end it: ``[kind, lacks, end, left, collected]``.

    ``left`` counts descriptors that are still open, while the iterator and the exception are
    held; ``collected`` counts files that only the garbage collector closed.
    """
    import warnings

    path = put(name, content)
    stream = module.stream_annotations(str(path), batch_size=4)
    kind = type(stream).__name__
    lacks = [name for name in ("__next__", "close") if not hasattr(stream, name)]
    if lacks:
        return [kind, lacks, "", 0, 0]
    next(stream)
    end, held = "not ended", None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            if how == "closed":
                stream.close()
                end = "closed"
            else:
                for _ in range(400):
                    next(stream)
        except StopIteration as error:
            end, held = "exhausted", error
        except ValueError as error:
            end, held = "raised", error
    left = descriptors(path)
    del held
    collected = [w for w in caught if issubclass(w.category, ResourceWarning)]
    return [kind, [], end, left, sum(name in str(w.message) for w in collected)]


def elsewhere(module, name, content):
    """Read the file here, then in a process with another locale: ``[rows, found there]``."""
    from itertools import islice

    path = put(name, content)
    # Here first: what is wrong in any locale is reported as such.
    stream = module.stream_annotations(str(path))
    here = [row for batch in islice(stream, 50) for row in plain(batch)]
    work = "[row for batch in islice(module.stream_annotations(path), 50) for row in batch]"
    return [here, in_another_locale(module, path, work)]


def stream_big(module, name, seed, count, options):
    """Write a big file row by row, then read it; how many rows, and a sum over them.

    A row takes about four times as much memory as its line does in the file: enough room for
    a reader that works in blocks, not enough for one that holds the text. A caption begins with a
    cat, written as an escape: because of it Python keeps all letters in four bytes, not in one.
    Hardly any JSON takes as much memory for as little work.
    """
    import gzip
    import random

    rng = random.Random(seed)
    path = put(name, b"")
    # Captions are parts of one text that begin anywhere: each is a string of its own.
    text = rng.randbytes(4000).hex().encode()
    # Stored, not deflated: compressing would take longer than all the rest.
    with (
        gzip.open(path, "wb", compresslevel=0) if name.endswith(".gz") else path.open("wb") as file
    ):
        for first in range(0, count, 128):
            rows = [
                b'{"id": %d, "caption": "\\ud83d\\udc08%s"}\n'
                % (n, text[(at := n % 6800) : at + 1120])
                for n in range(first, min(first + 128, count))
            ]
            file.write(b"".join(rows))
    rows = batches = total = 0
    for batch in module.stream_annotations(str(path), **options):
        batches += 1
        for row in batch:
            rows += 1
            total += row["id"] * len(row["caption"])
        if batches > count:
            break
    return [rows, total]


EAGER = """
import json

def stream_annotations(path, batch_size=32):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for i in range(0, len(rows), batch_size):
        yield rows[i : i + batch_size]
"""


def stream_blocks(module, name, block, times):
    """Write a block of lines many times over, then read it; how many rows, and a sum."""
    path = put(name, block * times)
    batches = rows = total = 0
    for batch in module.stream_annotations(str(path)):
        batches += 1
        rows += len(batch)
        for row in batch:
            total += row["key"] + len(row["box"])
        if batches > 10**5:
            break
    path.unlink()
    return [rows, total]


# -- what the judge knows -------------------------------------------------------------------


READER = "What the reader handed over"


def _rows(rng, count):
    labels = ["cat", "two\nlines", 'a "quote"', "a back\\slash", "{[", ""]
    return [
        {
            "id": number,
            "label": rng.choice(labels),
            "box": [round(rng.uniform(0, 640), 2) for _ in range(4)],
            "crowd": rng.choice([True, False, None]),
            "key": rng.getrandbits(40),
        }
        for number in range(count)
    ]


def _lines(rows):
    return [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]


def _cut(rows, size):
    return [rows[i : i + size] for i in range(0, len(rows), size)]


def _name(rng):
    return "".join(rng.choices(string.ascii_lowercase, k=9))


def _file(rng, lines, suffix=".jsonl"):
    """Name and content of a file; the name holds no digit that may pass for a line number."""
    name = _name(rng) + suffix
    content = "".join(lines).encode()
    return {"name": name, "content": gzip.compress(content) if name.endswith(".gz") else content}


def _read(student, file, size=None, as_path=False, broken=False):
    """The evidence of ``read_file``, its shape tested; a batch that is no list fails here."""
    options = {} if size is None else {"batch_size": size}
    how = {"options": options, "as_path": as_path, "broken": broken}
    seen = student.run(read_file, **file, **how, helpers=(plain,))
    arrived, _, _, end = read(seen, [list, list, object, list | None], READER)
    for batch in arrived:
        if type(batch) is str:
            fail(f"A batch is of type {show(batch)}; it should be a list of dicts.")
    read(arrived, list[list], READER)
    if end is not None:
        read(end, [str, list[str], str], "The error")
    return seen


def _judge(seen, rows, size, what, cause="", public=False):
    """Compare what ``read_file`` saw of a good file with its rows; names the known mistakes.

    ``size=None`` leaves the sizes of the batches to other checks. ``cause`` says what it
    probably is when the file is refused or rows are lost.
    """
    arrived, _, _, end = seen
    flat = [row for batch in arrived for row in batch]
    sizes = [len(batch) for batch in arrived]
    wanted = sizes if size is None else [len(batch) for batch in _cut(rows, size)]
    shown = f"\nBatches of {show(sizes)}; expected {wanted}." if public else ""
    if end is not None:
        shown = f"\n{show(end[2])}" if public else ""
        if public and "Extra data" in str(end[2]):
            cause = "Is it parsed as one JSON document (json.load)? Here every line is one."
        fail(f"{what}: reading a good file raised an error. {cause}{shown}")
    if size and 0 in sizes:
        fail(f"{what}: an empty batch was handed over. No rows, no batch.")
    lost = len(rows) - len(flat)
    if size and lost > 0 and lost == len(rows) % size and same(flat, rows[:-lost]):
        ids = f" (ids {rows[-lost]['id']}–{rows[-1]['id']})" if public else ""
        fail(
            f"{what}: the last {lost} of {len(rows)} rows never arrived{ids}: the last batch is "
            f"dropped when it is not full.{shown}"
        )
    expect(lost <= 0, f"{what}: {lost} of {len(rows)} rows never arrived. {cause}{shown}")
    expect(lost == 0, f"{what}: more rows arrived than the file holds.{shown}")
    expect(same(flat, rows), f"{what}: rows arrived changed, or in another order.")
    expect(sizes == wanted, f"{what}: the rows are right, the sizes of the batches are not.{shown}")


def _judge_error(seen, name, before, size, blanks, what, public=False):
    """A bad line that follows ``before`` rows and ``blanks`` blank lines of the file ``name``."""
    arrived, _, _, end = seen
    if end is None:
        fail(
            f"{what}: nothing was raised. Anyone who trains on this file never learns of the line."
        )
    where, kinds, text = end
    expect(
        where == "iteration",
        f"{what}: the call itself raised already, although iteration had not got to that line: "
        "the file appears to be read before a batch is asked for.",
    )
    expect("ValueError" in kinds, f"{what}: it raised {show(kinds[:1])}, not a ValueError.")
    whole = len(before) - len(before) % size
    flat = [row for batch in arrived for row in batch]
    expect(
        len(flat) <= len(before) or not same(flat[:whole], before[:whole]),
        f"{what}: rows that stand after that line were handed over before the error.",
    )
    expect(
        same(arrived, _cut(before[:whole], size)) or same(arrived, _cut(before, size)),
        f"{what}: more rows before the line were lost than `batch_size`.",
    )
    number = len(before) + blanks + 1
    numbers = {int(n) for n in re.findall(r"(?<![0-9])[0-9]{1,9}(?![0-9])", text)}
    shown = f"\nIts message: {show(text)}" if public else ""
    if name not in text and number not in numbers and "JSONDecodeError" in kinds:
        fail(
            f"{what}: json's own error came through. Its `line 1` counts inside the one line "
            f"that json was given; it names neither your file nor the line in it.{shown}"
        )
    expect(name in text, f"{what}: the message does not name the file.{shown}")
    if number not in numbers and number - 1 in numbers:
        fail(f"{what}: the number in the message is one too small; the first line is 1.{shown}")
    if number not in numbers and {number - blanks, number - blanks - 1} & numbers:
        fail(
            f"{what}: the number in the message leaves out blank lines. An editor counts them: "
            "anyone who jumps to that number finds a good line."
        )
    expect(number in numbers, f"{what}: the message does not hold the line's number.{shown}")


@check(points=3, public=True, hint="After the loop over the lines, look at what you still hold.")
def test_every_row_in_batches(student):
    """100 rows arrive once, in order, in lists of 32, 32, 32 and 4."""
    rows = [{"id": number, "label": "cat" if number % 3 else "dog"} for number in range(100)]
    file = {"name": "boxes.jsonl", "content": "".join(_lines(rows)).encode()}
    _judge(_read(student, file), rows, 32, "With 100 rows", public=True)


@check(points=1, public=True, hint="enumerate(file, 1) counts; raise ValueError(…) from the error.")
def test_bad_line_is_named(student):
    """A line that is not JSON is a ValueError that names file and line."""
    rows = [{"id": number} for number in range(46)]
    lines = [*_lines(rows), '{"label": "cat"\n', '{"id": 47}\n']
    file = {"name": "boxes.jsonl", "content": "".join(lines).encode()}
    what = 'With {"label": "cat" on line 47 of boxes.jsonl'
    seen = _read(student, file, 20, broken=True)
    _judge_error(seen, "boxes.jsonl", rows, 20, 0, what, public=True)


@check(points=2, public=True, hint="A function with a yield in it runs nothing before next().")
def test_fails_at_the_call(student):
    """A batch_size below 1 and a missing file are errors of the call itself."""

    def call(module, name="a.jsonl", **options):
        path = put("a.jsonl", b'{"id": 1}\n').with_name(name)
        return module.stream_annotations(str(path), **options)

    sizes = {f"batch_size={size}": {"batch_size": size} for size in (0, -3)}
    missing = {
        "a missing file": {"name": "no_such_file.jsonl"},
        "a missing .gz file": {"name": "no_such_file.gz"},
    }
    texts = {
        "accepted": "With {what} the call raised nothing; that is {an_error}.",
        "other": "With {what} it raised {raised}, not {an_error}.",
        "late": "With {what} the {error} came at the first next(), not at the call: the body of a "
        "generator function does not run before. By then the line that made the mistake is far "
        "away.",
    }
    expect_refusals(student, call, sizes, Refusal("ValueError", **texts))
    expect_refusals(student, call, missing, Refusal("FileNotFoundError", **texts))


@check(points=2, hint="Try no rows, one row, exactly one batch, and one row more.")
def test_any_number_of_rows(student, rng):
    """Every row once and in order, for any number of rows and any batch_size."""
    size = rng.randint(3, 40)
    cases = [
        (0, size, "With an empty file"),
        (1, size, "With a single row"),
        (size * rng.randint(2, 5), size, "With a whole number of batches"),
        (size * rng.randint(1, 4) + rng.randint(1, size - 1), size, "With a tail"),
        (rng.randint(2, 30), 1, "With batch_size=1"),
        (rng.randint(2, 60), 1000, "With a batch_size above the number of rows"),
    ]
    for count, size, what in cases:
        rows = _rows(rng, count)
        _judge(_read(student, _file(rng, _lines(rows)), size), rows, size, what)


@check(points=2, hint="yield a list, then start a *new* one: the caller still holds the other.")
def test_batches_are_separate(student, rng):
    """Batches that the caller keeps are not changed by later ones."""
    rows = _rows(rng, rng.randint(100, 200))
    arrived, kept, distinct, _ = _read(student, _file(rng, _lines(rows)))
    expect(len(arrived) > 1, "There was no second batch to compare the first one with.")
    if distinct == 1:
        fail(
            "All saved batches are one and the same list: it is handed over, then emptied or "
            "filled again. list(stream_annotations(…)) holds the same rows many times, or none."
        )
    expect(
        distinct == len(arrived) and same(kept, arrived),
        "Batches that the caller had kept were changed afterwards: lists are used again.",
    )


@check(points=2, hint="What is in a line that looks empty? What ends the last line of a file?")
def test_lines_as_they_come(student, rng):
    """Blank lines, Windows line ends, a last line without one, and an empty annotation."""
    size = rng.randint(3, 9)
    # Whole batches only: what becomes of the tail is asked elsewhere.
    rows = _rows(rng, size * rng.randint(4, 8))
    lines = _lines(rows)
    empty = ["\n" * rng.randint(0, 2) + line for line in lines]
    white = [rng.choice(["", " \n", "\t \n", "   \n\n"]) + line for line in lines]
    whole = "".join(lines)
    bare = list(rows)
    bare[rng.randrange(len(rows))] = {}
    blank = "A blank line is neither a row nor the end of the file."
    spaces = "A line is blank when nothing is left of it without its spaces."
    tail = "The last line is a line, whether or not a line end follows it."
    cases = [
        (["\n", *empty, "\n"], rows, "With empty lines", blank),
        (["  \n", *white, "\t\n"], rows, "With lines that hold only spaces or tabs", spaces),
        (whole.replace("\n", "\r\n"), rows, "With Windows line ends", ""),
        ("".join(["\n", *empty]).replace("\n", "\r\n"), rows, "With empty Windows lines", blank),
        (whole[:-1], rows, "With a last line without a line end", tail),
        ("\n  \n\t\n", [], "With nothing but blank lines", blank),
        (_lines(bare), bare, "With an annotation that is {}", "It is a row like any other."),
    ]
    for text, wanted, what, cause in cases:
        _judge(_read(student, _file(rng, text), size), wanted, size, what, cause)


@check(points=1, hint="Iterate over the file itself; str.splitlines knows ten kinds of line end.")
def test_text_is_kept(student, rng):
    """Text of any script arrives unchanged, also with Unicode line separators in it."""
    words = ["Käse", "小猫", "собака", "🐈‍⬛", "naïve", "ﬁ"]
    cut = "Are lines cut where JSON Lines has no line end? str.splitlines() does that."
    for mark, what, cause in (
        (" ", "With text beyond ASCII", ""),
        ("\u2028", "With U+2028 (line separator) inside a string", cut),
        ("\u2029", "With U+2029 (paragraph separator) inside a string", cut),
        ("\x85", "With U+0085 (next line) inside a string", cut),
    ):
        rows = [{"text": mark.join(rng.sample(words, 3))} for _ in range(64)]
        suffix = ".jsonl.gz" if mark == "\u2029" else ".jsonl"
        _judge(_read(student, _file(rng, _lines(rows), suffix)), rows, None, what, cause)


@check(points=1, hint="What does open() take for the encoding when you do not say it?")
def test_any_locale(student, rng):
    """The file is read as UTF-8 on a machine with another locale, too."""
    rows = [{"text": " ".join(rng.sample(["Käse", "小猫", "собака"], 2))} for _ in range(32)]
    for suffix, what in ((".jsonl", "The file"), (".jsonl.gz", "The .gz file")):
        file = _file(rng, _lines(rows), suffix)
        seen = read(student.run(elsewhere, **file, helpers=(plain,)), [object] * 2)
        expect(same(seen[0], rows), f"{what} lost rows or text, whatever the locale.")
        expect(seen[1] is not None, "With another locale Python ended before the file was read.")
        expect(
            same(seen[1], ["value", rows]),
            f"{what} was not read as UTF-8 where the locale is another one. Opened without "
            "encoding=, a text file is read in the encoding of the machine: right on yours, "
            "broken in a container or on Windows.",
        )


@check(points=1, hint="Look at the end of the name: str has endswith, Path has suffix.")
def test_gzip(student, rng):
    """A file whose name ends in .gz is decompressed, another is not; str or Path."""
    rows = _rows(rng, 32 * rng.randint(1, 3))
    packed = "A .gz file holds compressed bytes; the module gzip opens it, as text, too."
    middle = "It is no gzip file: only the end of the name counts."
    for suffix, what, cause in (
        (".jsonl.gz", "With a .jsonl.gz file", packed),
        (".gz", "With a .gz file", packed),
        (".gz.jsonl", "With a plain file that has .gz in the middle of its name", middle),
    ):
        for as_path, kind in ((False, "str"), (True, "pathlib.Path")):
            seen = _read(student, _file(rng, _lines(rows), suffix), as_path=as_path)
            _judge(seen, rows, None, f"{what}, path given as a {kind}", cause)


@check(points=2, hint="Parse a line when its batch is wanted; count every line, blank or not.")
def test_bad_line_when_reached(student, rng):
    """A bad line is raised when iteration gets there, after the rows before it."""
    size = rng.randint(5, 12)
    # The second number: how many rows of an unfinished batch stand before the bad line.
    for line, unfinished, suffix, what in (
        ('{"label": "cat"', 1, ".jsonl", "With a line cut off soon after a full batch"),
        ("oops", size - 1, ".jsonl.gz", "With a line that is no JSON"),
        ("{'label': 'cat'}", 2, ".jsonl", "With single quotes"),
        ('{"a": true} {"b": null}', rng.randint(1, 4), ".jsonl", "With two objects on a line"),
        ('{"a": 1}, {"b": 2}', rng.randint(1, 4), ".jsonl", "With objects and a comma on a line"),
    ):
        before = _rows(rng, size * rng.randint(12, 20) + unfinished)
        lines, blanks = _lines(before), rng.randint(3, 8)
        for place in rng.sample(range(len(lines)), blanks):
            lines[place] += rng.choice(["\n", " \n"])
        after = _lines(_rows(rng, rng.randint(1, 2 * size)))
        file = _file(rng, [*lines, line + "\n", *after], suffix)
        seen = _read(student, file, size, broken=True)
        _judge_error(seen, file["name"], before, size, blanks, what)


@check(points=2, hint="`with` around the loop that yields: its end is reached on every way out.")
def test_file_is_closed(student, rng):
    """The file is closed after the last row, after close() and after an error."""
    lines = _lines(_rows(rng, rng.randint(40, 80)))
    for suffix, of in ((".jsonl", "the file"), (".jsonl.gz", "the .gz file")):
        for how, content, words in (
            ("exhausted", lines, "After the last row"),
            ("closed", lines, "After close() of a started iterator"),
            ("raised", [*lines, "oops\n", *lines], "After the error of a bad line"),
        ):
            file = _file(rng, content, suffix)
            seen = student.run(ending, **file, how=how)
            read(seen, [str, list[str], str, int, int], "How it ended")
            kind, lacks, end, left, collected = seen
            expect(
                same(lacks, []),
                f"The result, of type {show(kind)}, is no iterator with a close(): it lacks "
                f"{' and '.join(lacks)}.",
            )
            expect(same(end, how), f"{words}: the iterator was {show(end)} instead of {how}.")
            expect(
                left == 0,
                f"{words} {of} is still open: the process holds a descriptor on it. A run over "
                "many files ends in `Too many open files`.",
            )
            expect(
                collected == 0,
                f"{words} {of} was closed by the garbage collector only (Python says "
                "`ResourceWarning: unclosed file`). No line of yours closes it on that way out.",
            )


USUAL = 128 * 165  # rows of the file that the list of all rows is measured with


# What the exercise is about: an answer that reads the whole file earns less than half.
@check(points=21, kind="memory", hint="Which line of yours holds more than one batch?")
def test_holds_a_batch_not_the_file(student, baseline, rng):
    """Peak memory stays below 0.1x that of reading every row into a list, also for .gz."""
    count = 128 * rng.randint(163, 168)
    work = {"seed": rng.getrandbits(32), "count": count}
    work["options"] = rng.choice([{}, {"batch_size": rng.randint(2, 128)}])
    wanted = [count, (1 + 1120) * sum(range(count))]
    # The student first: a stub, or an answer that raises, is known before the big list is made.
    names = [_name(rng) + suffix for suffix in (".jsonl", ".jsonl.gz")]
    peaks = [student.peak_memory(stream_big, name=name, **work) for name in names]
    # The same file for all submissions: a judge measures it once.
    usual = {"name": "rows.jsonl", "seed": 1, "count": USUAL, "options": {}}
    eager = baseline(EAGER).peak_memory(stream_big, **usual)
    allowed = 0.1 * eager.bytes * count / USUAL
    for peak, what in zip(peaks, ("file", ".gz file"), strict=True):
        expect(same(peak.value, wanted), f"Rows of a big {what} were lost or changed.")
        expect_peak(
            peak,
            allowed,
            f"Peak {{peak}} for a big {what}; limit {{limit}} (0.1x reading it all). The {what} "
            "appears to be read whole: readlines(), read() and list(file) hold every line at once.",
        )


@check(points=1, kind="performance", hint="Each line should be read once and parsed once.")
def test_speed(student, reference, rng):
    """Reading takes at most 2x the time of the reference."""

    def inputs(_):
        rows = _rows(rng, rng.randint(48, 52))
        for row in rows:
            row["polygon"] = [round(rng.uniform(0, 640), 2) for _ in range(16)]
        file = _file(rng, _lines(rows))
        return {"name": file["name"], "block": file["content"], "times": rng.randint(96, 112)}

    # The slowest honest answer, a row of small generators, takes 1.4x.
    expect_speed(
        student,
        reference,
        stream_blocks,
        inputs,
        "Reading took {ratio} the time of the reference; the limit is {limit}. Is work done more "
        "than once? A file that is read from its start for each batch takes longer the longer it "
        "is.",
        at_most=2.0,
        same=same,
    )
