"""One run of `autograde grade`, without its screen: what is to do, and doing it.

Decided at once: answers that hold no text (missing, refused), and those whose result the
store has. The rest becomes jobs, one for each different text of an exercise, however many
students handed it in.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.grading import fleet, store
from autograder.grading import private_graders as private_
from autograder.grading.digest import grader_digest
from autograder.ingest.submissions import Answer, Submission
from autograder.judging import locks
from autograder.machine import has
from autograder.model import Job, Result, Verdict, overall
from autograder.outline import Course, Exercise


class OutputBusy(Exception):
    """Another run is writing to the same output folder."""


@contextlib.contextmanager
def output_folder(path: Path) -> Iterator[None]:
    """Make the folder and hold it for this run; :class:`OutputBusy` where another one does."""
    path.mkdir(parents=True, exist_ok=True)
    lock = locks.open_lock(path / ".lock", 0o666)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputBusy(f"another run is writing to {path}") from None
        yield
    finally:
        os.close(lock)


@dataclass(slots=True)
class Entry:
    """One student's answer to one exercise, and its result once there is one."""

    student: str
    exercise: Exercise
    answer: Answer
    key: str = ""
    result: Result | None = None


@dataclass(slots=True)
class Plan:
    """Everything that a run will report, in the order of its report, and the jobs left."""

    entries: list[Entry]
    jobs: dict[str, Job] = field(default_factory=dict)
    known: dict[str, Result] = field(default_factory=dict)
    reused: int = 0
    unkept: str = ""
    """Why results of this run are not in the store; empty where they are."""

    @property
    def results(self) -> list[Result]:
        """The results so far, a line each of ``results.jsonl``."""
        return [e.result for e in self.entries if e.result is not None]


def run_seed(kept: store.Store, asked: str | None) -> str:
    """The seed of this run: the one asked for, that of a run that was cut off, or a new one."""
    if asked is not None:
        return asked
    seed = kept.meta("unfinished-seed")
    if seed is None:
        seed = secrets.token_hex(16)
        kept.set_meta("unfinished-seed", seed)
    return seed


def finished(made: Plan, kept: store.Store, asked: str | None) -> None:
    """Forget the seed of a run that has come to its end, and close the store."""
    try:
        if asked is None and not made.unkept:
            kept.set_meta("unfinished-seed", None)
    except store.StoreError as error:
        made.unkept = str(error)
    kept.close()


def plan(
    course: Course,
    exercises: tuple[Exercise, ...],
    submissions: list[Submission],
    kept: store.Store,
    *,
    seed: str,
    asked_seed: str | None,
    walls: bool,
    private: tuple[Path, ...] = (),
    fresh: bool = False,
) -> Plan:
    """What is known already, and the jobs that are left to do."""
    made = Plan([])
    parts = private_.parts(course, private)
    graders = {e.id: grader_digest(course, e, parts) for e in exercises}
    for submission in submissions:
        for exercise in exercises:
            answer = submission.answers.get(exercise.id)
            if answer is None:
                continue
            entry = Entry(submission.student, exercise, answer)
            if answer.source is None:
                entry.result = undone(entry)
            else:
                digest = graders[exercise.id]
                entry.key = store.key(answer.source, digest, asked_seed, walls, answer.files)
            made.entries.append(entry)
    if not fresh:
        made.known = kept.get(e.key for e in made.entries if e.key)
    for entry in made.entries:
        if not entry.key or entry.key in made.jobs:
            continue
        before = made.known.get(entry.key)
        again = fillable(before) if before is not None else ()
        if before is not None and not again:
            entry.result = for_student(entry, before)
            made.reused += 1
        else:
            assert entry.answer.source is not None
            old_seed = before.seed if before is not None else seed
            made.jobs[entry.key] = Job(
                entry.student,
                entry.exercise.id,
                entry.answer.source,
                old_seed,
                again,
                files=entry.answer.files,
            )
    return made


def undone(entry: Entry) -> Result:
    """The result of an answer that holds nothing to run, and so needed no seed."""
    verdict = entry.answer.verdict or Verdict.NOT_ATTEMPTED
    return Result(
        entry.student,
        entry.exercise.id,
        "",
        (),
        entry.exercise.points,
        verdict,
        entry.answer.message,
    )


def fillable(result: Result) -> tuple[str, ...]:
    """Names of the deferred checks of a stored result that this machine can run."""
    waiting = [c for c in result.checks if c.verdict is Verdict.DEFERRED]
    return tuple(c.name for c in waiting if all(map(has, c.needs)))


def for_student(entry: Entry, result: Result) -> Result:
    """A result of the same text, as this student's."""
    return replace(result, student=entry.student, message=entry.answer.note or result.message)


def filled(before: Result, after: Result, asked: tuple[str, ...] = ()) -> Result:
    """A stored result with the checks replaced that have run now.

    Those ``asked`` for that a fault of ours kept from running are faults; the others stand.
    """
    new = {check.name: check for check in after.checks}
    if after.faulted:
        for check in (c for c in before.checks if c.name in asked and c.name not in new):
            new[check.name] = replace(
                check, verdict=Verdict.GRADER_FAULT, message=after.message, needs=()
            )
    checks = tuple(new.get(check.name, check) for check in before.checks)
    untouched = before.verdict is Verdict.NOT_ATTEMPTED
    return replace(before, checks=checks, verdict=overall(checks, untouched=untouched))


def carry_out(
    made: Plan,
    kept: store.Store,
    executor: Executor,
    settings: fleet.Settings,
    *,
    ahead: int,
    graded: Callable[[Result, int], None] = lambda result, answers: None,
) -> None:
    """Do the jobs of a plan; every result is stored before the next is waited for.

    A store that fails (a full disk) is left alone from then on, ``made.unkept`` says why, and
    the run goes on: what was graded can still be reported.

    A measurement that could not be told from its limit is repeated when all else is graded.

    ``graded`` is called with each result and the number of answers that it settles.
    """
    waiting: dict[str, list[Entry]] = {}
    for entry in made.entries:
        if entry.result is None:
            waiting.setdefault(entry.key, []).append(entry)
    undecided: dict[str, Job] = {}
    for key, result in fleet.grade_all(list(made.jobs.items()), executor, settings, ahead=ahead):
        before = made.known.get(key)
        if before is not None:
            result = filled(before, result, made.jobs[key].only)
        names = tuple(c.name for c in result.checks if c.undecided)
        if names:
            undecided[key] = replace(made.jobs[key], only=names)
            made.known[key] = result
        _keep(made, kept, key, result)
        for entry in waiting.get(key, []):
            entry.result = replace(for_student(entry, result), worth=entry.exercise.points)
        graded(result, 1)
    # Once more, now that nothing else is being graded and the machine has less to do.
    for key, result in fleet.grade_all(undecided.items(), executor, settings, ahead=1):
        if result.faulted:
            continue  # what was measured the first time stands
        result = filled(made.known[key], result)
        _keep(made, kept, key, result)
        for entry in waiting.get(key, []):
            entry.result = for_student(entry, result)


def _keep(made: Plan, kept: store.Store, key: str, result: Result) -> None:
    """Store a result, unless it is a fault or the store has failed before."""
    if not result.faulted and not made.unkept:
        try:
            kept.put(key, result)
        except store.StoreError as error:
            made.unkept = str(error)
