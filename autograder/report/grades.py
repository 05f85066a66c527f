"""``grades.csv``: a row a student, a column an exercise, totals."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from autograder.model import Result
from autograder.outline import Course
from autograder.report.atomic import replacing
from autograder.report.clean import clean

# Characters that begin a formula, and those that a spreadsheet takes for the same
# (compatibility forms), after whatever an import strips or splits at.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212\u207a\u208a\u207c\u208c"
_FORMULA = re.compile(rf"(^|[;,|\t\r\n])([\s\ufffd\u200b\ufeff'\"]*)(?=[{_SIGNS}])")


def _inert(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula (OWASP, "CSV injection").

    A semicolon ends a cell, too, where the comma is the decimal mark.
    """
    text = clean(text).replace("\t", " ").replace("\n", " ")
    made = _FORMULA.sub(r"\1\2'", text)
    return text if made == text else made if made.startswith("'") else f"'{made}"


def _quoted(text: str) -> str:
    """A cell in quotes, which ``csv`` leaves out where another separator than ours is in it."""
    return text if text.isalnum() else '"' + text.replace('"', '""') + '"'


def _number(value: float) -> str:
    return f"{value:g}" if value == round(value) else f"{value:.2f}"


def write_grades(path: Path, results: Iterable[Result], course: Course) -> None:
    """Write the marks.

    Columns: ``student``, one an exercise that was graded (points earned), ``total``, ``max``,
    ``deferred`` (points that this machine could not decide) and ``faults`` (exercises that
    were not graded because of a fault of ours). Where something was graded without the sandbox,
    a last column ``unprotected`` counts those exercises.
    """
    results = list(results)
    by_student: dict[str, dict[str, Result]] = {}
    for result in results:
        by_student.setdefault(result.student, {})[result.exercise] = result
    graded = {id for mine in by_student.values() for id in mine}
    columns = [e.id for e in course.exercises if e.id in graded]
    open_ = ["unprotected"] if any(not r.sandboxed for r in results) else []
    with replacing(path, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["student", *columns, "total", "max", "deferred", "faults", *open_])
        for student in sorted(by_student):
            mine = by_student[student]
            cells = [_number(mine[c].points) if c in mine else "" for c in columns]
            total = sum(r.points for r in mine.values())
            most = sum(r.max_points for r in mine.values())
            deferred = sum(r.deferred_points for r in mine.values())
            faults = sum(str(r.verdict) == "grader fault" for r in mine.values())
            sums = [*map(_number, (total, most, deferred)), faults]
            unprotected = [sum(not r.sandboxed for r in mine.values())] if open_ else []
            file.write(_quoted(_inert(student)) + ",")
            writer.writerow([*cells, *sums, *unprotected])
