"""What a run leaves behind: ``results.jsonl``, ``grades.csv`` and a page for each student."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.model import Result
from autograder.outline import Course


def write_all(out: Path, results: Iterable[Result], course: Course, when: str) -> None:
    """Write every report into the folder ``out``; ``when`` is the date as it is shown."""
    from autograder.report import grades, html, jsonl

    results = list(results)
    jsonl.write_jsonl(out / "results.jsonl", results)
    grades.write_grades(out / "grades.csv", results, course)
    by_student: dict[str, list[Result]] = {}
    for result in results:
        by_student.setdefault(result.student, []).append(result)
    info = html.RunInfo(course.title, when)
    for student, mine in by_student.items():
        html.write_feedback(out / "feedback", student, mine, course, info)
