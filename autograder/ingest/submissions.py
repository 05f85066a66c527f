"""What was given -> submissions: whose they are, and what a reader found in each.

Names are looked at here, and no byte of any file: :mod:`.layouts` says whose an entry is. Each
submission is read in a process of its own (:mod:`autograder.ingest.readers`), whose end,
whatever it is, is that submission's verdict. Nothing is executed or imported, and no link is
followed: what goes on from here is the text of the files that carry an exercise's name, and that of
notebooks' cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.ingest import accounting, bulk, tree
from autograder.ingest.accounting import Row
from autograder.ingest.attempts import Attempt, Part, Stray, SubmissionsError, problems_of
from autograder.ingest.contents.answer import Answer
from autograder.ingest.entry_names import CourseNames
from autograder.ingest.packed import answer_of, row_of
from autograder.ingest.readers import FAILED, FAULT, Reply, Request, shared
from autograder.ingest.recognising import recognised
from autograder.ingest.students import LATEST, Student, students
from autograder.ingest.tree import Place
from autograder.model import Verdict
from autograder.outline import Course, Exercise

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
class Submission:
    """One student's answers, by exercise id. ``student`` is the id, ``name`` is for people."""

    student: str
    answers: dict[str, Answer] = field(default_factory=dict)
    failed: str = ""
    """What went wrong in our own code while it was read; for the instructor."""

    name: str = ""
    email: str = ""
    section: str = ""
    attempt: int = 1
    """Which of the student's attempts this is, from 1; there are ``len(others)`` more."""

    time: str = ""
    """When it was handed in, as the download says it; empty where it does not."""

    late: bool | None = None
    group: tuple[str, ...] = ()
    """Ids of everybody who handed this in together."""

    chosen: str = ""
    """Which of several attempts was taken, in words: its time or its entry's name."""

    others: tuple[str, ...] = ()
    """The student's other attempts, which were not taken, in the same words."""

    alias: str = ""
    """What its entry is called as a whole, where the id is a part of it."""

    missing: bool = False
    """Whether the student is on the roster only and has handed in nothing."""

    account: list[Row] = field(default_factory=list)
    """What became of each of its files."""

    told: list[tuple[str, str, str, str]] | None = None
    """The same as its reader tells it; None where nothing was read."""


@dataclass(slots=True)
class Taken:
    """A class: what it was recognised as, its submissions, and what belongs to nobody."""

    layout: str
    title: str
    submissions: list[Submission]
    strays: list[Stray] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fits: bool = True
    """Whether anything in it answers anything of the course."""

    @property
    def rows(self) -> list[Row]:
        """What became of every entry: graded, refused or named."""
        rows = [row for submission in self.submissions for row in submission.account]
        return sorted([*rows, *accounting.of_strays(self.strays)], key=lambda row: row.path)


def collect(path: Path, course: Course, exercises: tuple[Exercise, ...]) -> list[Submission]:
    """Every submission under ``path``, sorted by student; see :func:`take`."""
    return take(path, course, exercises).submissions


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
        submissions = _read(found, course, exercises)
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
        refusal = any(row.state == accounting.REFUSED for row in submission.account)
        fault = any(a.verdict is Verdict.GRADER_FAULT for a in answers)
        unread += fault or (refusal and bool(_refusal(submission)))
    return unread * 2 >= len(submissions)


def refused(student: str, exercises: tuple[Exercise, ...], why: str) -> Submission:
    """A submission that is not taken, for a reason that its student is told."""
    message = f"{_NOT_TAKEN}{why}."
    answer = Answer(None, Verdict.REJECTED, message)
    return Submission(student, {e.id: answer for e in exercises}, name=student)


def from_folders(
    folders: Iterable[tuple[Path, str]], course: Course, exercises: tuple[Exercise, ...]
) -> list[Submission]:
    """Students' folders, each with the student's name, in their order."""
    found = []
    for root, student in folders:
        attempt = Attempt(student, student, [Part(tree.on_disk(str(root)))])
        found.append(Student(student, student, "", attempt))
    return _read(found, course, exercises)


# -- reading ----------------------------------------------------------------------------------


def _read(
    found: Sequence[Student], course: Course, exercises: tuple[Exercise, ...]
) -> list[Submission]:
    """Have each read by a process of its own; whatever becomes of that, there is a submission.

    What a group has handed in is read once.
    """
    names = CourseNames(course)
    attempts = {id(s.attempt): s.attempt for s in found}
    to_read = [a for a in attempts.values() if a.places and not a.refusal]
    wanted = {id(a): a.exercises or exercises for a in attempts.values()}
    requests = [_request(a.places, course, wanted[id(a)]) for a in to_read]
    replies = dict(zip(map(id, to_read), shared().ask_all(requests), strict=True))
    everyone = [
        _submission(s, wanted[id(s.attempt)], replies.get(id(s.attempt)), names) for s in found
    ]
    listed = {id(part.node) for attempt in attempts.values() for part in attempt.parts}
    for student, one in zip(found, everyone, strict=True):
        first = attempts.pop(id(student.attempt), None) is not None
        one.account = _account(student, one) if first else []
        one.account += _others(student, one, listed)
    return everyone


def _request(places: Sequence[Place], course: Course, exercises: tuple[Exercise, ...]) -> Request:
    """What a reader is asked for one attempt."""
    return Request("submission", (tuple(places), course, exercises))


def _submission(
    student: Student, exercises: tuple[Exercise, ...], reply: Reply | None, names: CourseNames
) -> Submission:
    attempt = student.attempt
    if reply is None:
        one = _unread(student.id, exercises, attempt)
    else:
        one = _of_reply(student.id, exercises, reply)
    one.answers = {
        id: _with_problems(answer, id, attempt, names) for id, answer in one.answers.items()
    }
    if student.others:
        one.answers = {k: _with_others(a, student) for k, a in one.answers.items()}
    one.name, one.email, one.alias = student.name, student.email, attempt.alias
    one.attempt, one.late = student.number, attempt.late
    one.time = attempt.when if attempt.timed else ""
    one.group = tuple(m.student for m in attempt.members)
    one.chosen = student.words(attempt) if student.others else ""
    one.others = tuple(map(student.words, student.others))
    return one


def _unread(student: str, exercises: tuple[Exercise, ...], attempt: Attempt) -> Submission:
    if attempt.refusal:
        return refused(student, exercises, attempt.refusal)
    message = attempt.empty or "Nothing was found in this submission."
    answer = Answer(None, Verdict.NOT_ATTEMPTED, message)
    return Submission(student, {e.id: answer for e in exercises})


def _of_reply(student: str, exercises: tuple[Exercise, ...], reply: Reply) -> Submission:
    if not reply.trouble:
        try:
            answers = {e.id: answer_of(reply.value["answers"][e.id]) for e in exercises}
            made = Submission(student, answers)
            made.told = [row_of(row) for row in reply.value["account"]]
            return made
        except (KeyError, TypeError, ValueError) as error:
            reply = Reply(trouble=f"reading it failed ({type(error).__name__})", end=FAILED)
    submission = refused(student, exercises, reply.trouble)
    if reply.end == FAILED:
        submission.failed = reply.trouble
    elif reply.end == FAULT:  # nothing that the student did
        answer = Answer(None, Verdict.GRADER_FAULT, f"It was not read: {reply.trouble}.")
        submission.answers = {e.id: answer for e in exercises}
    return submission


def _with_problems(answer: Answer, id: str, attempt: Attempt, names: CourseNames) -> Answer:
    """The answer, unless its file is one that could not be unpacked with the class's archive."""
    if answer.source is not None or answer.verdict is not Verdict.NOT_ATTEMPTED:
        return answer
    chapter = next(e.chapter for e in names.course.exercises if e.id == id)
    for _, inner, problem in problems_of(attempt.parts):
        if names.answers(inner.rpartition("/")[2]) in (id, chapter):
            return Answer(None, Verdict.REJECTED, f"{inner} {problem}.")
    return answer


def _with_others(answer: Answer, student: Student) -> Answer:
    """Say of what is missing that another attempt may have held it."""
    if answer.verdict is not Verdict.NOT_ATTEMPTED:
        return answer
    others = ", ".join(filter(None, map(student.words, student.others))) or len(student.others)
    words = f"{answer.message} Other attempts were not looked at: {others}."
    return replace(answer, message=words.strip())


def _others(student: Student, made: Submission, listed: set[int]) -> list[Row]:
    """Rows for the files of the attempts that do not count."""
    return [
        row
        for other in student.others
        for row in accounting.of_other(other, student.attempt, student.id, made.name, listed)
    ]


def _account(student: Student, made: Submission) -> list[Row]:
    """What became of every file of the attempt that counts."""
    attempt = student.attempt
    shared_by = "; ".join(made.group) or student.id
    who = (attempt, shared_by, student.name)
    if made.told is None and (attempt.refusal or attempt.places):
        why = attempt.refusal or next(a.message for a in made.answers.values())
        return list(accounting.of_refused(*who, why))
    rows = [
        *accounting.of_account(made.told or (), *who),
        *accounting.of_litter(*who),
        *accounting.of_problems(problems_of(attempt.parts), *who),
    ]
    return rows or list(accounting.of_nothing(*who, _refusal(made)))


_NOT_TAKEN = "This submission was not taken: "


def _refusal(made: Submission) -> str:
    """Why the submission was refused as a whole; empty where it was not."""
    messages = {a.message for a in made.answers.values()}
    whole = len(messages) == 1 and (message := messages.pop()).startswith(_NOT_TAKEN)
    return message.removeprefix(_NOT_TAKEN) if whole else ""
