"""``grades.csv``: a row a student, a column an exercise, totals."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from autograder.model import Result
from autograder.outline import Course
from autograder.report.atomic import replacing
from autograder.report.cells import inert
from autograder.report.people import People, Person


def _quoted(text: str) -> str:
    """A cell in quotes, which ``csv`` leaves out where another separator than ours is in it."""
    return text if text.isalnum() else '"' + text.replace('"', '""') + '"'


def _number(value: float) -> str:
    return f"{value:g}" if value == round(value) else f"{value:.2f}"


_PERSONAL = ("name", "email", "section")


def write_grades(
    path: Path, results: Iterable[Result], course: Course, people: People | None = None
) -> None:
    """Write the marks.

    Columns: ``student``, one an exercise that was graded (points earned), ``total``, ``max``,
    ``deferred`` (points that this machine could not decide) and ``faults`` (exercises that
    were not graded because of a fault of ours). Where something was graded without the sandbox,
    a last column ``unprotected`` counts those exercises.

    Of ``people``, ``name``, ``email`` and ``section`` follow ``student``, and ``submission`` (late,
    nothing handed in) ends the row: each where it says something of somebody.
    """
    people = people or {}
    results = list(results)
    by_student: dict[str, dict[str, Result]] = {}
    for result in results:
        by_student.setdefault(result.student, {})[result.exercise] = result
    graded = {id for mine in by_student.values() for id in mine}
    columns = [e.id for e in course.exercises if e.id in graded]
    open_ = ["unprotected"] if any(not r.sandboxed for r in results) else []
    who = [people.get(student, Person(student)) for student in sorted(by_student)]
    personal = [c for c in _PERSONAL if any(getattr(p, c) not in ("", p.student) for p in who)]
    said = ["submission"] if any(p.submission for p in who) else []
    with replacing(path, newline="") as file:
        writer = csv.writer(file)
        heads = ["student", *personal, *columns, "total", "max", "deferred", "faults", *open_]
        writer.writerow([*heads, *said])
        for person in who:
            mine = by_student[person.student]
            cells = [_number(mine[c].points) if c in mine else "" for c in columns]
            total = sum(r.points for r in mine.values())
            most = sum(r.max_points for r in mine.values())
            deferred = sum(r.deferred_points for r in mine.values())
            faults = sum(str(r.verdict) == "grader fault" for r in mine.values())
            sums = [*map(_number, (total, most, deferred)), faults]
            unprotected = [sum(not r.sandboxed for r in mine.values())] if open_ else []
            for text in (person.student, *(getattr(person, c) for c in personal)):
                file.write(_quoted(inert(text)) + ",")
            writer.writerow([*cells, *sums, *unprotected, *([person.submission] if said else [])])
