"""``grades.csv``: one row per student, one column per exercise, totals."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from autograder.model import Result
from autograder.outline import Course
from autograder.report.grouping import ByStudent, by_student
from autograder.report.people import People, Person
from autograder.text.atomic import replacing
from autograder.text.cells import inert
from autograder.text.numbers import points, sums


def _quoted(text: str) -> str:
    """A cell in quotes, which ``csv`` leaves out where another separator than ours is in it."""
    return text if text.isalnum() else '"' + text.replace('"', '""') + '"'


_PERSONAL = ("name", "email", "section")


def write_grades(
    path: Path, results: Iterable[Result] | ByStudent, course: Course, people: People | None = None
) -> None:
    """Write the marks.

    Columns: ``student``, one per graded exercise (points earned; empty where all of them
    are open), ``total``, ``max``, ``deferred`` (points of checks that this machine could not run,
    part of ``max``), ``open`` (points that a fault of ours leaves open, not part of ``max``) and
    ``faults`` (exercises with such a fault). Where something was graded without the sandbox, a
    last column ``unprotected`` counts those exercises.

    Of ``people``, ``name``, ``email`` and ``section`` follow ``student``, and ``submission`` (late,
    nothing handed in) ends the row. Such a column is
    left out if no student has a value in it.
    """
    people = people or {}
    everyone = by_student(results)
    graded: set[str] = set()
    sandboxed = True
    for result in everyone.all:
        graded.add(result.exercise)
        sandboxed = sandboxed and result.sandboxed
    columns = [e.id for e in course.exercises if e.id in graded]
    columns += sorted(graded - set(columns))  # of an earlier run, no longer in the course
    last = [] if sandboxed else ["unprotected"]
    who = [people.get(student) or Person(student) for student in sorted(everyone)]
    personal = [c for c in _PERSONAL if any(getattr(p, c) not in ("", p.student) for p in who)]
    said = ["submission"] if any(p.submission for p in who) else []
    with replacing(path, newline="") as file:
        writer = csv.writer(file)
        heads = ["student", *personal, *columns, "total", "max", "deferred", "open", "faults"]
        writer.writerow([*heads, *last, *said])
        for person in who:
            mine = {result.exercise: result for result in everyone[person.student]}
            all_ = sums(mine.values())
            numbers = map(points, (all_.points, all_.most, all_.deferred, all_.open))
            faults = sum(r.faulted for r in mine.values())
            unprotected = [sum(not r.sandboxed for r in mine.values())] if last else []
            for text in (person.student, *(getattr(person, c) for c in personal)):
                file.write(_quoted(inert(text)) + ",")
            cells = [_cell(mine.get(id)) for id in columns]
            end = [person.submission] if said else []
            writer.writerow([*cells, *numbers, faults, *unprotected, *end])


def _cell(result: Result | None) -> str:
    if result is None or result.all_open:
        return ""
    return points(result.points)
