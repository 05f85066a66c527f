"""What a run leaves behind: ``results.jsonl``, ``grades.csv`` and a page for each student."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from pathlib import Path

from autograder.model import Result
from autograder.outline import Course
from autograder.report.people import People, label
from autograder.text.clean import one_line


def write_all(
    out: Path,
    results: Iterable[Result],
    course: Course,
    when: str,
    pages: set[Path] | None = None,
    *,
    people: People | None = None,
    students: Container[str] | None = None,
) -> list[str]:
    """Write every report into the folder ``out``; ``when`` is the date as it is shown.

    ``people`` gives names to ids. Pages are written of ``students``, all when left out, and of
    others who have none yet.
    The path of each feedback page that was written is added to ``pages``.
    Returns a line for each report that could not be written, which keeps none of the others
    from being whole.
    """
    from autograder.report import feedback, grades, jsonl
    from autograder.text.atomic import own_folder

    results = list(results)
    written: set[Path] = set() if pages is None else pages
    failed: list[str] = []

    def attempt(what: str, write: Callable[[], object]) -> None:
        try:
            write()
        except Exception as error:  # a report nobody can read must not cost the others theirs
            words = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            failed.append(f"{what} was not written: {one_line(str(words), 300)}")

    by_student: dict[str, list[Result]] = {}
    for result in results:
        by_student.setdefault(result.student, []).append(result)
    writable: list[Result] = []
    for student, mine in by_student.items():
        attempt(
            f"the results of {one_line(student, 100)}",
            lambda mine=mine: writable.extend(_checked(mine)),  # type: ignore[misc]
        )
    attempt("results.jsonl", lambda: jsonl.write_jsonl(out / "results.jsonl", writable))
    attempt("grades.csv", lambda: grades.write_grades(out / "grades.csv", writable, course, people))
    info = feedback.RunInfo(course.title, when)
    folder = out / "feedback"
    count = len(failed)
    attempt("feedback", lambda: own_folder(folder))
    for student, mine in by_student.items() if len(failed) == count else ():
        page = folder / feedback.page_name(student)
        if students is not None and student not in students and page.is_file():
            written.add(page)
            continue
        attempt(
            f"the page of {one_line(student, 100)}",
            lambda s=student, m=mine: written.add(  # type: ignore[misc]
                feedback.write_feedback(folder, s, m, course, info, label(people or {}, s))
            ),
        )
    return failed


def _checked(results: list[Result]) -> list[Result]:
    """The results, if each can be a line of ``results.jsonl``."""
    from autograder.report import jsonl

    for result in results:
        jsonl.line(result.as_dict()).encode()
    return results
