"""What was given -> submissions: whose they are, and what a reader found in each.

Names are looked at here, and no byte of any file: :mod:`.layouts` says whose an entry is. Each
submission is read in a process of its own (:mod:`autograder.ingest.readers`), whose end,
whatever it is, is that submission's verdict. Nothing is executed or imported, and no link is
followed: what goes on from here is the text of the files that carry an exercise's name, and that of
notebooks' cells.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from autograder.ingest import accounting, bulk, tree
from autograder.ingest.accounting import Row
from autograder.ingest.attempts import Attempt, Part, Stray, SubmissionsError
from autograder.ingest.contents.answer import Answer
from autograder.ingest.entry_names import CourseNames
from autograder.ingest.reading import read, refusal
from autograder.ingest.recognising import recognised
from autograder.ingest.students import LATEST, Student, students
from autograder.ingest.submission import Submission, refused
from autograder.model import Verdict
from autograder.outline import Course, Exercise
from autograder.text.spool import Picked, Spool

__all__ = [
    "Answer",
    "Submission",
    "SubmissionsError",
    "Taken",
    "collect",
    "from_folders",
    "refused",
    "take",
]


@dataclass(slots=True)
class Taken:
    """A class: what it was recognised as, its submissions, and what belongs to nobody."""

    layout: str
    title: str
    submissions: Spool[Submission]
    """Each is read from a file whenever it is asked for; put it back once you have changed it."""

    strays: list[Stray] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fits: bool = True
    """Whether anything in it answers anything of the course."""

    @property
    def rows(self) -> Sequence[Row]:
        """What became of every entry, by path: graded, refused or named."""
        rows: Spool[Row] = Spool()
        paths = []
        for row in chain(self._accounts(), accounting.of_strays(self.strays)):
            rows.append(row)
            paths.append(row.path)
        return Picked(rows, array("L", sorted(range(len(paths)), key=paths.__getitem__)))

    def _accounts(self) -> Iterator[Row]:
        for submission in self.submissions:
            yield from submission.account


def collect(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> list[Submission]:
    """Every submission under ``path``, sorted by student; see :func:`take`."""
    return list(take(path, course, exercises).submissions)


def take(
    path: Path,
    course: Course,
    exercises: tuple[Exercise, ...],
    *,
    source: str = "",
    pick: str = LATEST,
) -> Taken:
    """The class or the one submission at ``path``: a folder, an archive or one file.

    ``source`` forces one of :data:`.layouts.CHOICES`; ``pick`` says which attempt of a student
    counts. Raises :class:`SubmissionsError` where nothing of the kind is there.
    """
    names = CourseNames(course)
    with bulk.opened() as helper:
        download = recognised(path, names, helper, exercises, source)
        found = students(download, pick)
        submissions = read(found, course, exercises)
    fits = _fits(submissions, names)
    return Taken(
        download.layout, download.title, submissions, download.strays, download.notes, fits
    )


def _fits(submissions: Sequence[Submission], names: CourseNames) -> bool:
    """Whether any name or any text answers something of the course.

    Most submissions that could not be read at all may have held answers, too.
    """
    unread = 0
    for submission in submissions:
        answers = submission.answers.values()
        if any(a.source is not None for a in answers):
            return True
        if any(names.fits(row.path.rpartition("/")[2]) for row in submission.account):
            return True
        lost = any(row.state == accounting.REFUSED for row in submission.account)
        fault = any(a.verdict is Verdict.GRADER_FAULT for a in answers)
        unread += fault or (lost and bool(refusal(submission)))
    return unread * 2 >= len(submissions)


def from_folders(
    folders: Iterable[tuple[Path, str]], course: Course, exercises: tuple[Exercise, ...]
) -> Sequence[Submission]:
    """Students' folders, each with the student's name, in their order."""
    found = []
    for root, student in folders:
        attempt = Attempt(student, student, [Part(tree.on_disk(str(root)))])
        found.append(Student(student, student, "", attempt))
    return read(found, course, exercises)
