"""Hidden grader of ``iter_coco``."""

import json
import zlib

from autograder.checks import check, error_name, expect, fail, same, show
from autograder.judging.vocabulary import expect_peak, in_another_locale, kinds_of, put, read
from autograder.judging.vocabulary.refusals import Refusal, expect_refusals

# -- what runs in the sandbox ---------------------------------------------------------------


def read_file(module, name, content, options, as_path, short):
    """Read a file to its end: ``[has __next__, rows, end]``.

    ``short`` makes a checksum of each row. ``end`` is None or ``[where, classes]`` of an
    exception; only kinds are caught that come from the file or from how it was parsed.
    """
    import zlib

    path = put(name, content)
    where, iterator, rows, end = "call", False, [], None
    try:
        stream = module.iter_coco(path if as_path else str(path), **options)
        where, iterator = "iteration", hasattr(stream, "__next__")
        for row in stream:
            row = dict(row) if isinstance(row, dict) else row
            rows.append(zlib.crc32(repr(row).encode()) if short else row)
            if len(rows) > 20_000:
                break
    except (LookupError, ValueError, OSError, EOFError) as error:
        end = [where, kinds_of(error)]
    return [iterator, rows, end]


def read_big(module, name, seed, before, count):
    """Write a big document row by row, then read it: how many rows, and a sum over them.

    A row takes about four times as much memory as its text does: enough room for a reader
    that works in pieces, not enough for one that holds the text. Most of it is space and empty
    lists, which json reads fastest.
    """
    import random
    import sys

    rng, path = random.Random(seed), put(name, b"")
    # Captions are parts of one text that begin anywhere: each is a string of its own.
    text = rng.randbytes(4000).hex().encode()
    parts = b" " * 700 + b"[" + b"[]," * 62 + b"[]]"
    with path.open("wb") as file:
        for head, rows in ((b'{"images": [', before), (b'], "annotations": [', count)):
            file.write(head)
            for number in range(rows):
                file.write(b", " if number else b"")
                at = number % 7800
                file.write(
                    b'{"id": %d, "caption": "%s", "parts":%s}'
                    % (number, text[at : at + 200], parts)
                )
        file.write(b"]}")
    found = total = 0
    early, late = [sys.maxsize], [0]
    for row in module.iter_coco(str(path)):
        found += 1
        if found % 16 == 0 and not count / 3 < found < count * 2 / 3:
            # Objects in memory. The fewest count: between two of them a piece may be parsed ahead.
            (early if found < count / 2 else late).append(sys.getallocatedblocks())
        total += row["id"] * (len(row["caption"]) + len(row["parts"]))
        if found > count:
            break
    return [found, total, min(late[1:] or late) - min(early)]


EAGER = """
import json

def iter_coco(path, key="annotations"):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    yield from document[key]
"""

# -- what the judge knows -------------------------------------------------------------------

READER = "What the reader handed over"

NASTY = [
    "a } and a ]",
    "{[",
    "]}",
    '"',
    "\\",
    '\\"',
    '"}]',
    "\\\\",
    "[{\\",
    '", "annotations": [',
    "\n}",
    "/*",
    "'",
    "",
    ",",
    "}, {",
    ": [",
]
WORDS = ["größe", "小猫", "собака", "🐈‍⬛", "naïve", "ﬁ", "東京タワー", "𝔘𝔫𝔦", "\u2028", "\x85"]


def _name(number):
    """The name of a file: small ones and big ones have the same, whatever is done with them."""
    names = ["instances", "annotations", "train2017", "val2017", "captions", "persons", "labels"]
    return f"{names[number % len(names)]}.json"


def _rows(rng, count, texts=("cat", "dog")):
    return [
        {
            "id": number,
            "bbox": [round(rng.uniform(-640, 640), 2) for _ in range(4)],
            "note": "".join(rng.choices(texts, k=rng.randint(1, 4))),
            rng.choice(texts): {"iscrowd": rng.choice([True, False, None, 0, 1.0])},
        }
        for number in range(count)
    ]


def _spread(rng, text):
    """Compact JSON (no spaces, strings without the characters below) with space all over it."""
    for mark in "{}[]:,":
        parts = text.split(mark)
        spaces = [rng.choice(["", " ", "\t", "\r\n", "\n  "]) for _ in parts * 2]
        text = "".join(
            spaces.pop() + mark * (n > 0) + spaces.pop() + part for n, part in enumerate(parts)
        )
    return text


def _read(student, text, as_path=False, short=False, **options):
    """``[iterator, rows, end]`` of the document, its shape tested."""
    content = text if type(text) is bytes else text.encode()
    arguments = {"content": content, "options": options, "as_path": as_path, "short": short}
    seen = student.run(read_file, name=_name(zlib.crc32(content)), **arguments)
    end = read(seen, [object, list, list | None], READER)[2]
    if end is not None:
        read(end, [object, list], READER)
    return seen


def _kind(end):
    """The name of what was raised; of a class that is not Python's own, its nearest that is."""
    names = [error_name(name) for name in end[1]]
    return next((name for name in names if name != error_name(None)), error_name(None))


def _judge(seen, wanted, what, cause="", public=False):
    """Compare what was read from a good file with its rows."""
    _, rows, end = seen
    got = f" {show(rows)}" if public else ""
    if end is not None:
        at = f" after {len(rows)} of {len(wanted)} rows" if rows else ""
        fail(f"{what}: reading a good file raised {_kind(end)}{at}. {cause}")
    expect(
        len(rows) == len(wanted),
        f"{what}: {len(rows)} rows arrived of an array with {len(wanted)}.{got} {cause}",
    )
    expect(same(rows, wanted), f"{what}: rows arrived changed, or in another order.{got} {cause}")


def _string(text, pair, odd):
    """The text with a long string after it: the same pair of characters, at odd or even places."""
    gap = " " * (len(text) % 2 == odd)
    return f'{text}{gap}"{pair * 45_000}"'


def _document(rows, **others):
    return {"info": {"year": 2017}, "images": [{"id": 1}], **others, "annotations": rows}


# -- the checks -----------------------------------------------------------------------------

LINES = "The line breaks of a JSON document mean nothing: a row is no line."


@check(points=1, public=True, hint="json.JSONDecoder().raw_decode(text, at) parses one value.")
def test_compact(student):
    """The rows of a document on one line, from an iterator."""
    rows = [{"id": 7, "bbox": [1.5, 2, 3, 4]}, {"id": 8, "bbox": []}, {"id": 9, "bbox": [0]}]
    seen = _read(student, json.dumps(_document(rows)))
    _judge(seen, rows, "With a document on one line", LINES, public=True)
    expect(
        seen[0] is True,
        "iter_coco() gave something that has no __next__: it should be an iterator, as a "
        "generator is, which makes each row when it is asked for.",
    )


@check(points=1, public=True, hint="Skip the space between values; it may be a line break.")
def test_pretty(student):
    """The rows of an indented document, and of another key."""
    rows = [{"id": 7, "name": "cat"}, {"id": 8, "name": "dog"}]
    text = json.dumps({**_document([{"id": 1}]), "categories": rows}, indent=2)
    seen = _read(student, text, as_path=True, key="categories")
    _judge(seen, rows, 'With an indented document and key="categories"', LINES, public=True)


@check(points=1, public=True, hint="A function with a yield in it runs nothing before next().")
def test_missing_file(student):
    """A missing file is a FileNotFoundError of the call."""

    def call(module):
        path = put("there.json", b"{}").with_name("not_there.json")
        return module.iter_coco(str(path))

    late = "The call said nothing of the missing file; the first next() did. The body of a "
    late += "generator function does not run before: check in a plain function that returns one."
    rule = Refusal(
        "FileNotFoundError",
        late=late,
        accepted="A missing file raised nothing; it should raise {an_error}.",
        other="A missing file raised {raised}, not {an_error}.",
    )
    expect_refusals(student, call, {"a missing file": {}}, rule)


@check(points=2, hint="Which quotes end a string? Let the json module find the end of a row.")
def test_brackets_in_strings(student, rng):
    """Strings may hold brackets, quotes and backslashes."""
    cause = "Is a bracket or a quote within a string taken for one of the document?"
    for count, indent in ((1, None), (rng.randint(30, 60), None), (rng.randint(30, 60), 1)):
        rows, other = _rows(rng, count, NASTY), _rows(rng, 9, NASTY)
        text = json.dumps({"info": other[0], "images": other, "annotations": rows}, indent=indent)
        _judge(_read(student, text), rows, "With brackets and quotes in strings", cause)
    for note in NASTY:
        rows = [{"note": note, "id": rng.randrange(99)}, {"id": 2, "note": note}]
        text = json.dumps(_document(rows), separators=(",", ":"))
        _judge(_read(student, text), rows, "With brackets and quotes in strings", cause)


@check(points=1, hint="Space may stand around every bracket, comma and colon, or not at all.")
def test_any_layout(student, rng):
    """Any way to lay out JSON: no space at all, or spaces, tabs and line ends all over."""
    for _ in range(6):
        rows = _rows(rng, rng.randint(5, 20))
        text = json.dumps(_document(rows, count=12, empty=[]), separators=(",", ":"))
        loose = _spread(rng, text)
        _judge(_read(student, text, as_path=True), rows, "With no space at all", LINES)
        _judge(_read(student, loose), rows, "With spaces, tabs and line ends all over", LINES)
    for empty in ("[]", "[ \n ]", "[{}]", "[ { } ]"):
        text = f'{{"images": {empty}, "annotations": {empty}, "categories": [{{"id": 1}}]}}'
        _judge(_read(student, text), json.loads(empty), "With an empty array or row")
    numbers = [rng.uniform(0, 4e5), rng.random() / 1e7, rng.random() * 1e30, rng.getrandbits(80)]
    rows = [{"id": number, "area": [-number]} for number in numbers]
    what = "With numbers of many digits"
    _judge(_read(student, json.dumps(_document(rows))), rows, what, "Is something rounded?")


@check(points=2, hint="Go through the document key by key, and pass each value as a whole.")
def test_the_right_array(student, rng):
    """The array of the document's own key, whatever stands before it."""
    wrong = [{"id": -number} for number in range(1, rng.randint(3, 6))]
    quoted = json.dumps({"annotations": wrong})
    inside = "An array of that name further inside was taken, or got in the way."
    word = "The key's text in a string, or as a part of another key, was taken for the key."
    passed = "Something that stands before the array got in the way."
    cases = [
        ({"info": {"annotations": wrong}}, inside),
        ({"images": [{"id": 1, "annotations": wrong}, {"annotations": []}]}, inside),
        ({"images": [[[], [wrong]], []], "deep": {"a": {"b": {"annotations": wrong}}}}, inside),
        ({"description": "annotations", "note": [*wrong]}, word),
        ({"note": quoted, "notes": [quoted, "annotations", '"annotations": [']}, word),
        ({"old_annotations": wrong, "annotations2": wrong, "Annotations": wrong}, word),
        ({"a": None, "b": True, "c": -1.5e300, "d": "", "e": [], "f": {}, "g": 0}, passed),
        ({"numbers": [1, -2.5, 3e-7, 0], "mixed": [None, "]", [1], {"a": "}"}, True]}, passed),
    ]
    for before, cause in cases:
        rows = [{**row, "annotations": wrong} for row in _rows(rng, rng.randint(1, 9))]
        for indent in (None, 1):
            text = json.dumps({**before, "annotations": rows, "later": [{"id": 1}]}, indent=indent)
            _judge(_read(student, text), rows, "With a look-alike or other values before", cause)
    rows = _rows(rng, 5)
    escaped = json.dumps(_document(rows)).replace('"annotations"', '"\\u0061nnotation\\u0073"')
    what = "With a key that is written with escapes"
    _judge(_read(student, escaped), rows, what, "Compare keys after they have been parsed.")
    for key in (rng.choice(['a "b"', "größe", "c:\\d", "[{", "x.y"]), "\U0001f408 größe"):
        for ascii_only in (True, False):
            text = json.dumps({**_document([{"id": 1}]), key: rows}, ensure_ascii=ascii_only)
            _judge(_read(student, text, key=key), rows, "With a key of unusual characters")

    rows = {"images": _rows(rng, 9), "annotations": _rows(rng, 9)}

    other = {"categories": _rows(rng, 3), **dict(reversed(rows.items()))}
    texts = [json.dumps(document).encode() for document in (rows, other)]

    @student.observe(contents=texts, keys=[*rows])
    def turns(module, contents, keys):
        content, later = contents
        path, found = put("instances.json", content), []
        streams = [module.iter_coco(str(path), key) for key in keys]
        for pair in zip(*streams, strict=False):
            found.append([dict(row) if isinstance(row, dict) else None for row in pair])
            if len(found) > 100:
                break
        path.unlink()
        path.write_bytes(later)  # the same name, other content
        try:
            rows = list(module.iter_coco(str(path), keys[1]))
            return [found, [dict(row) if isinstance(row, dict) else None for row in rows]]
        except (LookupError, ValueError):
            return [found, None]

    turns, again = read(turns, [list[[object, object]], object], READER)
    expect(
        same(turns, [list(pair) for pair in zip(*rows.values(), strict=True)]),
        "Two arrays of a file were read in turns, and rows were lost, changed or mixed up: do "
        "the readers share what they have read?",
    )
    expect(
        same(again, rows["annotations"]),
        "A file that had been read got other content, and reading it again went wrong: something "
        "is remembered of the first time.",
    )


@check(points=2, hint="A piece of the file may end anywhere: in a row, a number, a character.")
def test_across_pieces(student, rng):
    """A file of many pieces: nothing is lost or broken where one piece ends."""
    count = rng.randint(4500, 5000)
    rows = _rows(rng, count, [*WORDS, *WORDS, *NASTY])
    wanted = [zlib.crc32(repr(row).encode()) for row in rows]
    cut = "Does a piece of the file that ends within a row, a word or a character do harm?"
    for ascii_only, what in ((False, "of UTF-8 text"), (True, "of escapes")):
        text = json.dumps(_document(rows), ensure_ascii=ascii_only)
        _judge(_read(student, text, short=True), wanted, f"With a big file {what}", cut)
    digits = [rng.getrandbits(96) + rng.random() * rng.getrandbits(9) for _ in range(30_000)]
    numbers = {f"n{n}": rng.getrandbits(200) for n in range(3000)}
    text = json.dumps({**numbers, "digits": digits, "annotations": rows[:5]})
    cut = "Is a number that a piece of the file cuts in two taken for two numbers?"
    what = "With many numbers before the array"
    _judge(_read(student, text, short=True), wanted[:5], what, cut)
    # One row that is longer than most people's piece.
    long = [{"id": 1, "note": "".join(rng.choices(WORDS, k=30_000))}, {"id": 2}]
    text = json.dumps(_document(long), ensure_ascii=False)
    wanted = [zlib.crc32(repr(row).encode()) for row in long]
    _judge(_read(student, text, short=True), wanted, "With a very long row")
    # A piece of an even size ends right after a backslash, and then right after a pair of them.
    for pair, odd in (('\\"', True), ("\\\\", False)):
        text = _string('{"note": ', pair, odd)
        text = _string(text + ', "images": [{"note": ', pair, odd)
        text = _string(text + '}], "annotations": [{"id": 1}, {"note": ', pair, odd)
        text += f', "id": {rng.randrange(99)}}}, {{"id": 2}}]}}'
        wanted = [zlib.crc32(repr(row).encode()) for row in json.loads(text)["annotations"]]
        what = "With strings of many escapes"
        cut = "A backslash may be the last character of a piece, and may itself be escaped."
        _judge(_read(student, text, short=True), wanted, what, cut)


@check(points=1, hint="What does open() take for the encoding when you do not say it?")
def test_any_locale(student, rng):
    """The file is read as UTF-8 on a machine with another locale, too."""
    rows = _rows(rng, rng.randint(20, 40), WORDS)
    text = json.dumps(_document(rows), ensure_ascii=False)
    # Here first: what is wrong in any locale is reported as such.
    _judge(_read(student, text), rows, "With UTF-8 text")

    @student.observe(name=_name(len(text)), content=text.encode())
    def seen(module, name, content):
        work = "list(islice(module.iter_coco(path), 100))"
        return in_another_locale(module, put(name, content), work)

    expect(type(seen) is list, "With another locale Python ended before the file was read.")
    expect(
        same(seen, ["value", rows]),
        "The file was not read as UTF-8 where the locale is another one. Opened without encoding=, "
        "a text file is read in the encoding of the machine: right on yours, broken in a container "
        "or on Windows.",
    )


@check(points=1, hint="After the last key, say so; a generator that just ends is an empty array.")
def test_missing_key(student, rng):
    """A missing key is a KeyError of the iteration, not of the call."""
    rows = _rows(rng, rng.randint(2, 9))
    wrong = {"info": {"masks": rows}, "note": "masks", "images": [{"masks": rows}, "masks"]}
    last = {**wrong, "version": 1.5}
    for document in ({}, wrong, last, _document(rows), {"annotations": []}):
        for indent in (None, 2):
            _, got, end = _read(student, json.dumps(document, indent=indent), key="masks")
            expect(got == [], "Rows arrived of a key that the document does not have.")
            if end is None:
                fail("With a missing key nothing was raised: it looks like an empty array.")
            expect(
                end[0] == "iteration",
                "With a missing key the call itself raised: it appears to read the file before "
                "a row is asked for.",
            )
            expect(
                "KeyError" in end[1], f"With a missing key it raised {_kind(end)}, not a KeyError."
            )


@check(points=2, hint="What does read() give at the end of the file, and are you still in a row?")
def test_cut_off(student, rng):
    """A file cut off within the array: every whole row, then a ValueError."""
    for tail, whole, what in (
        ('{"id": 5, "no', 0, "within a key"),
        ('{"id": 5, "note": "a } and a ]', 0, "within a string that holds brackets"),
        ('{"id": 5, "bbox": [1, 2], "area": 12', 0, "within a row"),
        ('{"id": 5, "bbox": [[1, 2]', 0, "within an array of a row"),
        ("", 0, "after a comma"),
        ('{"id": 5, "area": {"a": 1}}', 1, "right after a row"),
        ('{"id": 5}\n ', 1, "after a row"),
        ('{"id": 5},\n', 1, "after a comma and a line end"),
    ):
        for count, indent in ((rng.randint(2, 40), rng.choice([None, 1])), (0, None)):
            rows = _rows(rng, count)
            head, _, _ = json.dumps(_document(rows), indent=indent).rpartition("]")
            text = head + (", " if rows else "") + tail
            wanted = [*rows, *([json.loads(tail.rstrip(",\n "))] if whole else [])]
            _, got, end = _read(student, text)
            what_ = f"With a file cut off {what}" + ("" if count else ", in the first row")
            if end is not None:
                expect(end[0] == "iteration", f"{what_}: the call itself raised already.")
            expect(
                len(got) >= len(wanted),
                f"{what_}: {len(got)} of {len(wanted)} whole rows arrived. The good ones come "
                "first, then the error.",
            )
            expect(same(got, wanted), f"{what_}: what arrived was not the whole rows alone.")
            if end is None:
                fail(f"{what_}: nothing was raised. A lost half of the data set goes unnoticed.")
            expect("ValueError" in end[1], f"{what_}: it raised {_kind(end)}, not a ValueError.")


ROOM = {"wall": 40.0, "cpu": 30.0}
USUAL = 10_400  # rows of the file that json.load is measured with


def _tenth(baseline, rows):
    """0.1x the peak of json.load with so many rows, in bytes: a judge measures it once."""
    usual = {"name": "instances.json", "seed": 1, "before": 0, "count": USUAL}
    return 0.1 * baseline(EAGER).peak_memory(read_big, **usual).bytes * rows / USUAL


@check(points=9, kind="memory", hint="Which line of yours holds more than one row?")
def test_memory(student, baseline, rng):
    """Peak memory is at most 0.1x that of json.load, and flat from a file to one of 4x."""
    seed, count = rng.getrandbits(32), rng.randint(2500, 2700)
    side, peaks, work = student.within(**ROOM), [], {"name": _name(seed)}
    for rows in (count, 4 * count):
        peak = side.peak_memory(read_big, seed=seed, before=0, count=rows, **work)
        wanted = [rows, (200 + 63) * sum(range(rows))]
        *values, more = read(peak.value, [object, object, int], READER)
        expect(same(values, wanted), "Rows of a big file were lost or changed.")
        expect(
            more < count / 2,
            f"From the first third of a file with {rows} rows to the last there came to be {more} "
            "more objects in memory. Something is kept of each row that was read.",
        )
        peaks.append(peak)
    small, big = peaks
    allowed = _tenth(baseline, 4 * count)
    big = expect_peak(
        big,
        allowed,
        f"Peak {{peak}} for a file of {4 * count / 870:.0f} MB; limit {{limit}} (0.1x json.load). "
        "The file appears to be held whole.",
    )
    expect_peak(
        big,
        1.5 * small.bytes + 2_000_000,
        "Peak {small} for a file and {peak} for one of four times the size: memory grows with the "
        "file. What is used up has to go.",
        small=small.bytes,
    )


@check(points=6, kind="memory", hint="An array of another key is passed row by row, too.")
def test_memory_of_what_is_passed(student, baseline, rng):
    """Peak memory is at most 0.1x that of json.load when a big array stands before."""
    count = rng.randint(10_000, 10_500)
    work = {"seed": rng.getrandbits(32), "before": count, "count": 9}
    work["name"] = _name(work["seed"])
    peak = student.within(**ROOM).peak_memory(read_big, **work)
    expect(
        same(peak.value[:2], [9, (200 + 63) * 36]), "Rows after a big array were lost or changed."
    )
    allowed = _tenth(baseline, count)
    expect_peak(
        peak,
        allowed,
        "Peak {peak} where another big array stands before; limit {limit} (0.1x json.load). That "
        "array appears to be held whole.",
    )
