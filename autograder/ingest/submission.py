"""What a student has handed in, as the rooms above see it."""

from __future__ import annotations

from dataclasses import dataclass, field

from autograder.ingest.accounting import Row
from autograder.ingest.contents.answer import Answer
from autograder.model import Verdict
from autograder.outline import Exercise


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


NOT_TAKEN = "This submission was not taken: "
"""Begins the message of a submission that was refused as a whole."""


def refused(student: str, exercises: tuple[Exercise, ...], why: str) -> Submission:
    """A submission that is not taken, for a reason that its student is told."""
    message = f"{NOT_TAKEN}{why}."
    answer = Answer(None, Verdict.REJECTED, message)
    return Submission(student, {e.id: answer for e in exercises}, name=student)
