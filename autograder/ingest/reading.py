"""Attempts -> submissions: each is read by a process of its own, every file accounted for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from autograder.ingest import accounting
from autograder.ingest.accounting import Row
from autograder.ingest.attempts import Attempt, problems_of
from autograder.ingest.contents.answer import Answer
from autograder.ingest.entry_names import CourseNames
from autograder.ingest.packed import answer_of, row_of
from autograder.ingest.readers import FAILED, FAULT, Reply, Request, shared
from autograder.ingest.students import Student
from autograder.ingest.submission import NOT_TAKEN, Submission, refused
from autograder.model import Verdict
from autograder.outline import Course, Exercise
from autograder.text.spool import Spool


def read(
    found: Sequence[Student], course: Course, exercises: tuple[Exercise, ...]
) -> Spool[Submission]:
    """Have each read by a process of its own; whatever becomes of that, there is a submission.

    What a group has handed in is read once. At no time is more than a few submissions in memory.
    """
    names = CourseNames(course)
    listed: set[int] = set()
    if any(student.others for student in found):
        listed = {id(part.node) for student in found for part in student.attempt.parts}
    everyone: Spool[Submission] = Spool()
    groups: dict[int, int] = {}
    of_groups: Spool[Reply | None] = Spool()
    # Closed early, by Ctrl-C, it ends the readers.
    with contextlib.closing(shared().ask_all(_requests(found, course, exercises))) as replies:
        for student in found:
            attempt = student.attempt
            first = id(attempt) not in groups
            if not first:
                reply = of_groups[groups[id(attempt)]]
            else:
                reply = next(replies) if _readable(attempt) else None
                if _of_group(attempt):
                    groups[id(attempt)] = of_groups.append(reply)
            one, told = _submission(student, attempt.exercises or exercises, reply, names)
            one.account = _account(student, one, told) if first else []
            one.account += _others(student, one, listed)
            everyone.append(one)
        if next(replies, None) is not None:
            raise AssertionError("more replies than requests")
    return everyone


def _requests(
    found: Iterable[Student], course: Course, exercises: tuple[Exercise, ...]
) -> Iterator[Request]:
    """What readers are asked, each attempt once, in the order in which students have them."""
    groups: set[int] = set()
    for student in found:
        attempt = student.attempt
        if id(attempt) in groups or not _readable(attempt):
            continue
        if _of_group(attempt):
            groups.add(id(attempt))
        wanted = attempt.exercises or exercises
        yield Request("submission", (tuple(attempt.places), course, wanted))


def _readable(attempt: Attempt) -> bool:
    return bool(attempt.places) and not attempt.refusal


def _of_group(attempt: Attempt) -> bool:
    """Whether several students may have it."""
    return len(attempt.members) > 1


Told = list[tuple[str, str, str, str]]
"""What became of each file, as its reader tells it."""


def _submission(
    student: Student, exercises: tuple[Exercise, ...], reply: Reply | None, names: CourseNames
) -> tuple[Submission, Told | None]:
    """A student's submission, and what its reader tells of the files; None where nothing was
    read."""
    attempt = student.attempt
    if reply is None:
        one, told = _unread(student.id, exercises, attempt), None
    else:
        one, told = _of_reply(student.id, exercises, reply)
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
    return one, told


def _unread(student: str, exercises: tuple[Exercise, ...], attempt: Attempt) -> Submission:
    if attempt.refusal:
        return refused(student, exercises, attempt.refusal)
    message = attempt.empty or "Nothing was found in this submission."
    answer = Answer(None, Verdict.NOT_ATTEMPTED, message)
    return Submission(student, {e.id: answer for e in exercises})


def _of_reply(
    student: str, exercises: tuple[Exercise, ...], reply: Reply
) -> tuple[Submission, Told | None]:
    if not reply.trouble:
        try:
            answers = {e.id: answer_of(reply.value["answers"][e.id]) for e in exercises}
            told = [row_of(row) for row in reply.value["account"]]
            return Submission(student, answers), told
        except (KeyError, TypeError, ValueError) as error:
            reply = Reply(trouble=f"reading it failed ({type(error).__name__})", end=FAILED)
    submission = refused(student, exercises, reply.trouble)
    if reply.end == FAILED:
        submission.failed = reply.trouble
    elif reply.end == FAULT:  # nothing that the student did
        answer = Answer(None, Verdict.GRADER_FAULT, f"It was not read: {reply.trouble}.")
        submission.answers = {e.id: answer for e in exercises}
    return submission, None


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


def _account(student: Student, made: Submission, told: Told | None) -> list[Row]:
    """What became of every file of the attempt that counts."""
    attempt = student.attempt
    shared_by = "; ".join(made.group) or student.id
    who = (attempt, shared_by, student.name)
    if told is None and (attempt.refusal or attempt.places):
        why = attempt.refusal or next(a.message for a in made.answers.values())
        return list(accounting.of_refused(*who, why))
    rows = [
        *accounting.of_account(told or (), *who),
        *accounting.of_litter(*who),
        *accounting.of_problems(problems_of(attempt.parts), *who),
    ]
    return rows or list(accounting.of_nothing(*who, refusal(made)))


def refusal(made: Submission) -> str:
    """Why the submission was refused as a whole; empty where it was not."""
    messages = {a.message for a in made.answers.values()}
    whole = len(messages) == 1 and (message := messages.pop()).startswith(NOT_TAKEN)
    return message.removeprefix(NOT_TAKEN) if whole else ""
