"""The bytes of one submission -> its answers and what became of every file.

Runs in a reader process, and nowhere else: what is done here may cost whatever the bytes make it
cost, and the process that does it has limits (:mod:`autograder.ingest.readers`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.ingest.contents.account import Account
from autograder.ingest.contents.alone import needs_nothing, only_answers
from autograder.ingest.contents.answer import Answer
from autograder.ingest.contents.answers import choose, missing
from autograder.ingest.contents.around import Around
from autograder.ingest.contents.files import SourceFile
from autograder.ingest.contents.gathering import Blind, Gathering
from autograder.ingest.contents.notebook_answers import chapter_of, stub_of
from autograder.ingest.notebooks.reading import NOTEBOOK_CAP, NotebookProblem, without_outputs
from autograder.model import Verdict
from autograder.outline import Course, Exercise
from autograder.stubs import is_untouched
from autograder.text.regular import open_regular, shown

SOURCES_CAP = 16 << 20
"""Most bytes of all answers of one submission."""


class NotTaken(Exception):
    """The submission as a whole is not taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was made of a submission: the answers by exercise id, and its account."""

    answers: dict[str, Answer]
    account: Account


def take(
    places: Iterable[tuple[Path, PurePosixPath]], course: Course, exercises: tuple[Exercise, ...]
) -> Taken:
    """The answers in a submission's places, each with the path where it counts as lying in it;
    that of a folder or an archive which is the submission itself is empty.

    Raises :class:`~autograder.text.regular.Unreadable` where none of them can be read.
    """
    gathered = Gathering(course, exercises)
    gathered.add(places)
    if gathered.refusal:
        return _refused(gathered, exercises, gathered.refusal)
    answers = {e.id: _answer(course, e, gathered) for e in exercises}
    if sum(len(a.source or b"") for a in answers.values()) > SOURCES_CAP:
        return _refused(gathered, exercises, f"its answers have more than {SOURCES_CAP >> 20} MiB")
    answers = _joined(course, exercises, answers, gathered)
    gathered.settle()
    return Taken(answers, gathered.account)


def _joined(
    course: Course, exercises: tuple[Exercise, ...], answers: dict[str, Answer], gathered: Gathering
) -> dict[str, Answer]:
    """The answers with the files that come along with them, which are accounted for."""
    ids = frozenset(e.id for e in course.exercises)
    plain = only_answers((m.path for m in gathered.met), ids)

    def is_alone(answer: Answer) -> bool:
        if answer.source is None:
            return True
        return plain and answer.origin.endswith(".py") and needs_nothing(answer.source, ids)

    rest = [e for e in exercises if not is_alone(answers[e.id])]
    if not rest:
        return answers
    rows = {m.path: m.row for m in gathered.met}
    around = Around({m.path: m.read for m in gathered.met}, gathered.files)
    joined = {e.id: around.join(course, e, answers[e.id]) for e in rest}
    for id, answer in joined.items():
        for path in answer.places:
            if path in rows:
                rows[path].comes_along(id)
    return {**answers, **joined}


def _refused(gathered: Gathering, exercises: tuple[Exercise, ...], why: str) -> Taken:
    answer = Answer(None, Verdict.REJECTED, f"This submission was not taken: {why}.")
    for file in gathered.files:
        if file.row is not None:
            file.row.exercises = ()
            file.row.state, file.row.reason = "refused", why
    return Taken({e.id: answer for e in exercises}, gathered.account)


def _answer(course: Course, exercise: Exercise, gathered: Gathering) -> Answer:
    """The answer; if it is missing, what it may be hidden by, or what was there instead."""
    answer = choose(course, exercise, gathered.files)
    fault = _fault(answer, exercise, course, gathered)
    if fault is not None:
        return fault
    if answer.verdict is Verdict.REJECTED:
        return answer
    if gathered.blind and (
        answer.source is None or is_untouched(answer.source, stub_of(course, exercise))
    ):
        return Answer(None, Verdict.REJECTED, _hidden(exercise, gathered.blind[0]))
    if answer.verdict is Verdict.NOT_ATTEMPTED:
        message = missing(exercise, answer.message, gathered.others())
        return Answer(None, Verdict.NOT_ATTEMPTED, message)
    return answer


def _hidden(exercise: Exercise, blind: Blind) -> str:
    if blind.path == PurePosixPath():
        return f"This submission was not taken: {blind.words}."
    verb = "was not opened: " if blind.archive else ""
    return f"No answer to {exercise.id} was found. {shown(blind.path)} {verb}{blind.words}."


def _fault(
    answer: Answer, exercise: Exercise, course: Course, gathered: Gathering
) -> Answer | None:
    """A verdict that counts against nobody, where the answer may lie in what this machine did
    not let us read."""
    if not any(f.fault for f in gathered.files) and not gathered.blind:
        return None
    exact = [f for f in gathered.files if f.path.name == f"{exercise.id}.py"]
    # An answer from elsewhere may not stand in for a file that nobody could look at.
    hidden = bool(exact) and all(f.fault for f in exact)
    if answer.source is not None and not hidden:
        return None

    def mine(file: SourceFile) -> bool:
        if file.is_notebook:
            return chapter_of(file.path, course) in ("", exercise.chapter)
        return file.claim.id == exercise.id

    faults = [(f.path, f.problem) for f in (*exact, *gathered.files) if f.fault and mine(f)]
    faults += [(b.path, b.words) for b in gathered.blind if b.fault]
    if not faults:
        return None
    path, words = faults[0]
    return Answer(None, Verdict.GRADER_FAULT, f"It was not read: {shown(path)} {words}.")


def has_metadata(path: Path, name: str) -> bool:
    """Whether the file is a notebook whose metadata have ``name`` set."""
    try:
        with open_regular(path) as file:
            data = file.read(NOTEBOOK_CAP + 1)
        document = json.loads(without_outputs(data))
        return bool(document["metadata"][name])
    except (OSError, NotebookProblem, ValueError, KeyError, TypeError):
        return False
