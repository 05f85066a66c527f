"""Answers whose mark is known.

The first line of a specimen's file says what it is:

    # right: counts down an internal iterator
    # wrong: __iter__ starts over  [test_iter_keeps_progress]

For a wrong one the name in brackets is the check that must take points from it, with a
message. The table of clauses says what it breaks (:mod:`autograder.clauses`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from autograder import clauses
from autograder.outline import Course, Exercise

_FIRST_LINE = re.compile(r"#\s*(right|wrong):\s*(.*?)(?:\s*\[(\w+)\])?\s*$")


@dataclass(frozen=True, slots=True)
class Specimen:
    """An answer whose mark is known. ``expected`` is ``stub``, ``full`` or ``loses``."""

    name: str
    source: bytes
    expected: str
    check: str = ""
    problem: str = ""
    misses_the_point: bool = False
    """Whether it must earn less than half."""


def specimens(course: Course, exercise: Exercise) -> list[Specimen]:
    """The stub, the reference and everything in the exercise's specimen folder."""
    known = []
    if course.stub(exercise).is_file():
        known.append(Specimen("stub", course.stub(exercise).read_bytes(), "stub"))
    known.append(Specimen("reference", course.solution(exercise).read_bytes(), "full"))
    table = clauses.load(course, exercise)
    folder = course.specimens(exercise)
    for path in sorted(folder.glob("*.py")) if folder.is_dir() else []:
        misses = table is not None and table.misses_the_point(path.stem)
        known.append(replace(_specimen(path), misses_the_point=misses))
    return known


def _specimen(path: Path) -> Specimen:
    source = path.read_bytes()
    match = _FIRST_LINE.match(source.decode("utf-8", "replace").partition("\n")[0])
    kind = path.stem.partition("_")[0]
    if match is None or match[1] != kind:
        problem = f"its first line must be `# {kind}: what it does`"
        return Specimen(path.stem, source, "full" if kind == "right" else "loses", "", problem)
    if kind == "wrong" and not match[3]:
        problem = "its first line must name the check made for it in [brackets]"
        return Specimen(path.stem, source, "loses", "", problem)
    return Specimen(path.stem, source, "full" if kind == "right" else "loses", match[3] or "")


def made_for(path: Path) -> str:
    """The check that a wrong specimen is made for; empty where its first line names none."""
    return _specimen(path).check
