"""Results into the gradebook, and an account of those that are not.

What nbgrader is given for a student is what was graded, or nothing: marks never stand beside
another text than theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.authoring.nbgrader_folder import GradebookError, Opened
from autograder.gradebook import filing, timestamps
from autograder.gradebook.results import hand_over
from autograder.ingest.submissions import Submission
from autograder.model import Result, Verdict
from autograder.outline import Chapter, Course

_FAILED = re.compile(r"^There was an error processing assignment '.*' for student '(.*)'$", re.M)


@dataclass(slots=True)
class Entered:
    """How many notebooks went in; a line for each that should have and did not, and for each
    student of whom nothing could be read."""

    count: int = 0
    failed: list[str] = field(default_factory=list)
    nothing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a run has graded. ``given`` is the path of the submissions.

    ``earlier`` holds student and exercise of results that are kept from an earlier run, because
    this one has no answer.
    """

    submissions: Sequence[Submission]
    results: Sequence[Result]
    given: Path
    earlier: Collection[tuple[str, str]] = ()
    file_times: bool = False


def enter(
    nbgrader: Opened,
    root: Path,
    course: Course,
    chapters: Collection[Chapter],
    marks: Marks,
    done: Callable[[Chapter, int], None] = lambda chapter, count: None,
) -> Entered:
    """Enter the results of ``chapters``, which the gradebook must know."""
    from autograder.gradebook import reuse

    entered = Entered()
    with reuse.one_engine():
        for chapter in chapters:
            before = entered.count
            students = _placed(root, course, chapter, marks, entered)
            if students:
                _convert(nbgrader, chapter, students, marks, entered)
            done(chapter, entered.count - before)
    return entered


# -- who can be entered -----------------------------------------------------------------------


def _placed(
    root: Path, course: Course, chapter: Chapter, marks: Marks, entered: Entered
) -> list[str]:
    """The students whose notebooks of a chapter hold what was graded, by their folders."""
    names = filing.folder_names(root)
    graded = {(filing.same_name(r.student), r.exercise) for r in marks.results}
    earlier = {(filing.same_name(student), exercise) for student, exercise in marks.earlier}
    own = _is_submitted(marks.given, root)
    ready: list[str] = []
    doubtful: list[tuple[str, int]] = []
    for number, submission in enumerate(marks.submissions):
        spelled = filing.same_name(submission.student)
        student = names.get(spelled, submission.student)
        folder = root / "submitted" / student / chapter.id
        asked = [e.id for e in chapter.exercises if (spelled, e.id) in graded]
        handed_in = bool(filing.notebooks(folder)) if filing.storable(student) else False
        if not asked or not ((handed_in and own) or _answers(submission, chapter)):
            continue  # nothing of this chapter is in the run
        problem = _problem(student, chapter, asked, [e for s, e in earlier if s == spelled])
        if problem:
            entered.failed.append(f"{submission.student}: {problem}")
        elif handed_in and own:
            ready.append(student)
        elif handed_in and not filing.is_placed(folder, chapter):
            doubtful.append((student, number))
        elif not any(a.source for a in _answers(submission, chapter)):
            message = next(a.message for a in _answers(submission, chapter))
            entered.nothing.append(f"{submission.student}: {chapter.id}: {message}")
        elif _file(root, chapter, student, submission, marks, entered):
            ready.append(student)
    found = ((chapter, student, marks.submissions[number]) for student, number in doubtful)
    other = filing.conflicts(root, course, found)
    for student, number in doubtful:
        if (student, chapter.id) in other:
            named = marks.submissions[number].student
            entered.failed.append(f"{named}: {other[student, chapter.id]}")
        else:
            ready.append(student)
    return ready


def _is_submitted(given: Path, root: Path) -> bool:
    """Whether the submissions are those in nbgrader's own folder."""
    submitted, given = (root / "submitted").resolve(), given.resolve()
    return given in (submitted, root.resolve()) or submitted in given.parents


def _answers(submission: Submission, chapter: Chapter) -> list[Any]:
    """The answers to a chapter that were attempted, readable or not."""
    answers = (submission.answers.get(e.id) for e in chapter.exercises)
    return [a for a in answers if a is not None and a.verdict is not Verdict.NOT_ATTEMPTED]


def _problem(student: str, chapter: Chapter, asked: list[str], earlier: Collection[str]) -> str:
    """Why the marks of a chapter cannot be a student's; empty where they can."""
    if not filing.storable(student):
        return filing.NO_NAME
    if len(asked) < len(chapter.exercises):
        return f"{chapter.id}: only {', '.join(asked)} was graded, and a chapter goes in as a whole"
    without_answer = [id for id in asked if id in earlier]
    if without_answer:
        return (
            f"this run has no answer to {', '.join(without_answer)}, whose earlier mark is kept; "
            f"{chapter.id} goes in once a single run has all its answers"
        )
    return ""


def _file(
    root: Path,
    chapter: Chapter,
    student: str,
    submission: Submission,
    marks: Marks,
    entered: Entered,
) -> bool:
    try:
        entry = submission.alias or submission.student
        stamp = timestamps.handed_in(marks.given, entry, chapter.id, file_times=marks.file_times)
        filing.place(root, chapter, student, submission, stamp)
    except (OSError, ValueError) as error:
        name = getattr(error, "filename", None)
        words = getattr(error, "strerror", None) or str(error)
        entered.failed.append(f"{submission.student}: {f'{name} ' if name else ''}{words}")
        return False
    return True


# -- nbgrader's part --------------------------------------------------------------------------


def _convert(
    nbgrader: Opened, chapter: Chapter, students: list[str], marks: Marks, entered: Entered
) -> None:
    """nbgrader's ``autograde`` with finished results."""
    from autograder.gradebook.autograding import KataAutograde

    converter = nbgrader.converter(KataAutograde, chapter.id)
    converter.students = students
    hand_over(converter, marks.results, marks.submissions)
    try:
        nbgrader.convert(converter, chapter.id)
    except GradebookError:
        # nbgrader goes on with the others, names those that failed, and only then gives up.
        if not _FAILED.findall("\n".join(nbgrader.said)):
            raise
    entered.count += len(converter.entered)
    for student in students:
        if student in converter.left_out:
            entered.failed.append(f"{student}: {chapter.id}: left out by nbgrader_config.py")
        elif student not in converter.entered:
            entered.failed.append(f"{student}: nbgrader could not take {chapter.id}")
