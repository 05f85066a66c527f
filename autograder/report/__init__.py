"""What a run leaves behind: ``results.jsonl``, ``grades.csv`` and a page per student."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.model import Result
from autograder.outline import Course
from autograder.report.grouping import ByStudent, by_student
from autograder.report.people import PAGES, People, label, page_name
from autograder.text.clean import one_line

if TYPE_CHECKING:
    from autograder.report.feedback import RunInfo


@dataclass(slots=True)
class Written:
    """``pages`` counts the feedback pages of all students that are there now; ``failed`` has a line
    for each report that could not be written, which keeps none of the others from being whole."""

    pages: int = 0
    failed: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def attempt(self, what: str) -> Iterator[None]:
        """Write ``what`` in the block: a report nobody can read must not cost the others theirs."""
        try:
            yield
        except Exception as error:
            words = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            self.failed.append(f"{what} was not written: {one_line(str(words), 300)}")


def write_all(
    out: Path,
    results: Iterable[Result] | ByStudent,
    course: Course,
    info: RunInfo,
    *,
    people: People | None = None,
    students: Container[str] | None = None,
) -> Written:
    """Write every report into the folder ``out``; ``info`` is what the pages share.

    ``people`` gives names to ids. Pages are written of ``students``, all when left out, and of
    others who have none yet.
    """
    from autograder.report import feedback, grades, jsonl
    from autograder.text.atomic import own_folder

    written = Written()
    everyone = by_student(results)
    unsound = set()
    for student, mine in everyone.items():
        before = len(written.failed)
        with written.attempt(f"the results of {one_line(student, 100)}"):
            _check(mine)
        if len(written.failed) > before:
            unsound.add(student)
    sound = everyone.without(unsound)
    with written.attempt("results.jsonl"):
        jsonl.write_jsonl(out / "results.jsonl", sound.all)
    with written.attempt("grades.csv"):
        grades.write_grades(out / "grades.csv", sound, course, people)
    folder = out / PAGES
    before = len(written.failed)
    with written.attempt("feedback"):
        own_folder(folder)
    for student in everyone if len(written.failed) == before else ():
        if students is None or student in students or not (folder / page_name(student)).is_file():
            name = label(people or {}, student)
            with written.attempt(f"the page of {one_line(student, 100)}"):
                feedback.write_feedback(folder, student, everyone[student], course, info, name)
                written.pages += 1
        else:
            written.pages += 1
    return written


def _check(results: Iterable[Result]) -> None:
    """Raise an exception unless each can be a line of ``results.jsonl``."""
    from autograder.report import jsonl

    for result in results:
        jsonl.line(result.as_dict()).encode()
