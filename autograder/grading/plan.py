"""What a class run reports, and which of its results are still to be found.

Decided at once: answers that hold no text (missing, refused), and those whose result the
store has. The rest becomes tasks, one for each different text of an exercise, however many
students handed it in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from autograder.extras import Files
from autograder.grading import private_graders, store
from autograder.grading.digest import grader_digest
from autograder.grading.tasks import Task
from autograder.ingest.submissions import Answer, Submission
from autograder.model import Job, Result, Verdict, Walls
from autograder.outline import Course, Exercise


@dataclass(frozen=True, slots=True)
class Options:
    """How a class is graded.

    ``out`` is the folder of the store, unless ``db`` names another as an SQLAlchemy URL.
    ``jobs`` is the number of judges (:func:`.fleet.default_judges` when None), ``seed`` that of
    all hidden inputs (a secret one when None), ``graders`` are folders of private graders.
    ``secrets`` are paths that no submission may see; ``out``, ``graders`` and a database file
    need not be among them. ``mixed`` takes results that other versions of Python or of a package
    have graded.
    """

    exercises: tuple[Exercise, ...]
    out: Path
    db: str | None = None
    jobs: int | None = None
    seed: str | None = None
    fresh: bool = False
    walls: Walls = Walls.NAMESPACES
    graders: tuple[Path, ...] = ()
    secrets: tuple[Path, ...] = ()
    mixed: bool = False


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
    """Everything that a run will report, in the order of its report, and the tasks left."""

    entries: list[Entry]
    tasks: dict[str, Task] = field(default_factory=dict)
    waiting: dict[str, list[Entry]] = field(default_factory=dict)
    """The entries of each task: the students who handed the same text in."""
    reused: int = 0
    not_stored: str = ""
    """Why results of this run are not in the store; empty where they are."""

    @property
    def results(self) -> list[Result]:
        """The results so far, a line each of ``results.jsonl``."""
        return [e.result for e in self.entries if e.result is not None]

    @property
    def sources(self) -> dict[str, dict[str, tuple[bytes, Files]]]:
        """By student, by exercise: the text of each answer, and the files beside it."""
        found: dict[str, dict[str, tuple[bytes, Files]]] = {}
        for entry in self.entries:
            if entry.answer.source is not None:
                mine = found.setdefault(entry.student, {})
                mine[entry.exercise.id] = (entry.answer.source, entry.answer.files)
        return found

    @property
    def answers(self) -> int:
        """How many entries hold a text to grade."""
        return sum(bool(entry.key) for entry in self.entries)

    @property
    def distinct(self) -> int:
        """How many different texts these are: equal ones are graded once."""
        return len({entry.key for entry in self.entries if entry.key})

    def settle(self, task: Task, result: Result) -> None:
        """Give a task's result to every student who handed that text in."""
        for entry in self.waiting[task.key]:
            entry.result = for_student(entry, result)


def planned(
    course: Course,
    submissions: Sequence[Submission],
    options: Options,
    results: store.Store,
    seed: str,
    able: Callable[[str], bool],
) -> Plan:
    """What ``results`` has of a class already, and the tasks that are left, with ``seed``.

    ``able`` says whether those that grade can meet a need of a check.
    """
    plan = Plan(_entries(course, submissions, options))
    keys = {entry.key for entry in plan.entries if entry.key}
    known = {} if options.fresh else results.get(keys)
    if not options.mixed:
        known = {key: result for key, result in known.items() if not result.graded_with}
    for entry in plan.entries:
        if not entry.key:
            continue
        if entry.key in plan.tasks:
            plan.waiting[entry.key].append(entry)
            continue
        before = known.get(entry.key)
        again = fillable(before, able) if before is not None else ()
        if before is not None and not again:
            entry.result = for_student(entry, before)
            plan.reused += 1
            continue
        assert entry.answer.source is not None
        job = Job(
            entry.student,
            entry.exercise.id,
            entry.answer.source,
            before.seed if before is not None else seed,
            again,
            files=entry.answer.files,
        )
        plan.tasks[entry.key] = Task(entry.key, job, before)
        plan.waiting[entry.key] = [entry]
    return plan


def _entries(course: Course, submissions: Sequence[Submission], options: Options) -> list[Entry]:
    """An entry per answer; those without a text have their result."""
    private = private_graders.parts(course, options.graders)
    graders = cache(lambda exercise: grader_digest(course, exercise, private))
    entries = []
    for submission in submissions:
        for exercise in options.exercises:
            answer = submission.answers.get(exercise.id)
            if answer is None:
                continue
            entry = Entry(submission.student, exercise, answer)
            if answer.source is None:
                entry.result = undone(entry)
            else:
                grader = graders(exercise)
                entry.key = store.key(
                    answer.source, grader, options.seed, options.walls, answer.files
                )
            entries.append(entry)
    return entries


def undone(entry: Entry) -> Result:
    """The result of an answer that holds nothing to run, and so needed no seed."""
    verdict = entry.answer.verdict or Verdict.NOT_ATTEMPTED
    worth, message = entry.exercise.points, entry.answer.message
    return Result(entry.student, entry.exercise.id, "", (), worth, verdict, message)


def fillable(result: Result, able: Callable[[str], bool]) -> tuple[str, ...]:
    """Names of the deferred checks of a stored result that can be run where ``able`` says so."""
    waiting = [c for c in result.checks if c.verdict is Verdict.DEFERRED]
    return tuple(c.name for c in waiting if all(map(able, c.needs)))


def for_student(entry: Entry, result: Result) -> Result:
    """A result of the same text, as this student's."""
    return replace(result, student=entry.student, message=entry.answer.note or result.message)
