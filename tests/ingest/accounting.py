"""Whether anything in a tree of files is unaccounted for: ``python -m tests.ingest.accounting``."""

from __future__ import annotations

import random
import sys
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from autograder import outline
from autograder.ingest.submissions import SubmissionsError, Taken, take
from autograder.model import Verdict
from autograder.outline import Course
from tests.ingest import trees
from tests.ingest.running import TOY, covers

STATES = {"graded", "refused", "not taken"}


def unaccounted(root: Path, course: Course) -> list[str]:
    """What is wrong with the account of what lies under ``root``; empty if nothing is.

    Every file that our own walk meets is spoken of by a row: its own, or that of a folder or an
    archive it lies in. Every answer that has a text has a row that says so.
    """
    met = list(trees.walk(root))
    try:
        taken = take(root, course, course.exercises)
    except SubmissionsError as error:
        lost = [
            m
            for m in met
            if m.kind == "file"
            and Path(m.path).name == "double.py"
            and trees.LITTER.isdisjoint(Path(m.path).parts)
        ]
        return [] if str(root) in str(error) and not lost else [f"{error}: {lost}"]
    rows = [(_shown(row.path), row) for row in taken.rows]
    wrong = [
        f"{entry.kind} {entry.path!r} has no row"
        for entry in met
        if not any(
            covers(path, _shown(entry.path)) or covers(_shown(entry.path), path) for path, _ in rows
        )
    ]
    for path, row in rows:
        if row.state not in STATES or (row.state != "graded" and not row.reason):
            wrong.append(f"{path!r}: state {row.state!r}, reason {row.reason!r}")
        if row.state != "not taken" and not row.student:
            wrong.append(f"{path!r} is {row.state} and nobody's")
        if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in row.reason):
            wrong.append(f"{path!r}: reason {row.reason!r} is no single line of text")
    return wrong + _answers(taken)


def _answers(taken: Taken) -> list[str]:
    """Answers without a row, and rows without an answer."""
    wrong = []
    graded = {
        (student, row.exercise)
        for row in taken.rows
        if row.state == "graded"
        for student in row.student.split("; ")  # a group's
    }
    answered = {
        (s.student, id) for s in taken.submissions for id, a in s.answers.items() if a.source
    }
    students = [s.student for s in taken.submissions]
    if len(students) != len(set(students)):
        wrong.append(f"students twice: {students}")
    # A notebook has one row, whatever it answers. An untouched stub is graded, as what it is.
    none = {
        (s.student, id)
        for s in taken.submissions
        for id, a in s.answers.items()
        if a.verdict is Verdict.REJECTED
    }
    wrong += [
        f"{one}: a text, but no row says graded"
        for one in answered - graded
        if (one[0], "") not in graded
    ]
    wrong += [
        f"{one}: a row says graded, but there is no text"
        for one in graded - answered - none
        if one[1]
    ]
    return wrong


_BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _shown(path: str) -> str:
    """A path as it may stand in a table: composed, without characters that would harm it."""
    path = unicodedata.normalize("NFC", path)
    return "".join("\ufffd" if c in _BIDI or unicodedata.category(c) == "Cc" else c for c in path)


def planted(rng: random.Random, course: Course) -> list[str]:
    """What is wrong with the account of one random tree."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "class")
        root.mkdir()
        trees.plant(rng, root)
        return unaccounted(root, course)


def main(arguments: Sequence[str]) -> int:
    """Look at ``COUNT`` trees, from seed ``FIRST`` on; exit code 1 for a finding."""
    count = int(arguments[0]) if arguments else 1000
    first = int(arguments[1]) if len(arguments) > 1 else 0
    course = outline.load(TOY)
    found = 0
    for seed in range(first, first + count):
        for words in planted(random.Random(seed), course):
            found += 1
            print(f"seed {seed}: {words}")
    print(f"{count} trees from seed {first}, {found} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
