"""What a class run reports, and which of its results are still to be found.

Decided at once: answers that hold no text (missing, refused), and those whose result the
store has. The rest becomes tasks, one for each different text of an exercise, however many
students handed it in. Texts and results wait in files, so that a class of any size can be graded
(``docs/decisions/0032-a-class-is-spooled.md``).
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from autograder.extras import Files
from autograder.grading import private_graders, store
from autograder.grading.digest import grader_digest
from autograder.grading.tasks import Task
from autograder.ingest.submissions import Answer, Submission
from autograder.model import Job, Result, Verdict, Walls
from autograder.outline import Course, Exercise
from autograder.text.spool import Fetched, Picked, Spool

_TOGETHER = 500
"""Results that are looked up in the store at a time."""


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One student's answer to one exercise. Its text is in the submission at ``place``; ``key`` is
    empty if it has no text."""

    student: str
    exercise: str
    place: int
    note: str
    key: str = ""


class Tasks(Fetched[Task]):
    """The tasks of a plan, each made when it is asked for: it holds the text of an answer."""

    def __init__(self, submissions: Sequence[Submission], entries: Sequence[Entry]) -> None:
        self.exercises: set[str] = set()
        """Ids of the exercises that there is something to grade of."""

        self._submissions, self._entries = submissions, entries
        self._numbers = array("L")
        self._seed = ""
        self._before: dict[int, int] = {}
        self._known: Spool[tuple[Result, tuple[str, ...]]] = Spool()
        self._last: tuple[int, Submission] | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    def begin(self, seed: str) -> None:
        """Let tasks that know no seed have this one."""
        self._seed = seed

    def add(self, number: int, exercise: str, before: Result | None, only: tuple[str, ...]) -> None:
        """Let the entry at ``number`` be graded, ``only`` some checks where others are known."""
        if before is not None:
            self._before[number] = self._known.append((before, only))
        self._numbers.append(number)
        self.exercises.add(exercise)

    def _fetch(self, number: int) -> Task:
        number = self._numbers[number]
        entry = self._entries[number]
        answer = self._submission(entry.place).answers[entry.exercise]
        assert answer.source is not None
        before: Result | None = None
        only: tuple[str, ...] = ()
        if number in self._before:
            before, only = self._known[self._before[number]]
        seed = before.seed if before is not None else self._seed
        job = Job(entry.student, entry.exercise, answer.source, seed, only, files=answer.files)
        return Task(entry.key, job, before)

    def _submission(self, place: int) -> Submission:
        """The last one is kept: all of a student's answers are in it."""
        if self._last is None or self._last[0] != place:
            self._last = place, self._submissions[place]
        return self._last[1]


class Plan:
    """Everything that a run will report, in the order of its report, and the tasks left."""

    def __init__(self, submissions: Sequence[Submission]) -> None:
        self.reused = self.answers = self.distinct = 0
        """Entries with a result from the store; with a text to grade; and how many different texts
        these are: equal ones are graded once."""

        self.not_stored = ""
        """Why results of this run are not in the store; empty where they are."""

        self.entries: Spool[Entry] = Spool()
        self.tasks = Tasks(submissions, self.entries)
        self._submissions = submissions
        self._results: Spool[Result | None] = Spool()
        self._there = bytearray()
        self._waiting: dict[bytes, int] = {}  # by key; as bytes it takes half of the memory
        self._others: dict[bytes, list[int]] = {}
        """Entries of a task: the students who handed the same text in. Mostly it is one."""

    @property
    def results(self) -> Sequence[Result]:
        """The results so far, a line each of ``results.jsonl``; they are read from a file."""
        there = array("L", (n for n, there in enumerate(self._there) if there))
        return Picked(self._results, there)  # type: ignore[arg-type]

    @property
    def sources(self) -> Mapping[str, Mapping[str, tuple[bytes, Files]]]:
        """By student, by exercise: the text of each answer, and the files beside it."""
        return _Sources(
            self._submissions, {sys.intern(e.student): e.place for e in self.entries if e.key}
        )

    def add(self, entry: Entry, result: Result | None) -> None:
        """Plan for an entry, whose result may be known."""
        self.entries.append(entry)
        self._results.append(result)
        self._there.append(result is not None)
        self.answers += bool(entry.key)

    def know(self, number: int, entry: Entry, result: Result) -> None:
        """Give an entry the result of its text."""
        self._results[number] = for_student(entry, result)
        self._there[number] = True

    def joins(self, number: int, key: str) -> bool:
        """Let an entry wait for a task that is there already, if there is one."""
        short = bytes.fromhex(key)
        if short not in self._waiting:
            return False
        self._others.setdefault(short, []).append(number)
        return True

    def grade(
        self, number: int, entry: Entry, before: Result | None, only: tuple[str, ...]
    ) -> None:
        """Make a task of an entry."""
        self._waiting[bytes.fromhex(entry.key)] = number
        self.tasks.add(number, entry.exercise, before, only)

    def end(self) -> None:
        """No task is settled any more: forget whose they are."""
        self._waiting.clear()
        self._others.clear()

    def settle(self, task: Task, result: Result) -> None:
        """Give a task's result to every student who handed that text in."""
        key = bytes.fromhex(task.key)
        for number in (self._waiting[key], *self._others.get(key, ())):
            self.know(number, self.entries[number], result)


class _Sources(Mapping[str, Mapping[str, tuple[bytes, Files]]]):
    """The texts of students, by the place of their submission."""

    def __init__(self, submissions: Sequence[Submission], places: dict[str, int]) -> None:
        self._submissions, self._places = submissions, places

    def __getitem__(self, student: str) -> Mapping[str, tuple[bytes, Files]]:
        answers = self._submissions[self._places[student]].answers
        return {id: (a.source, a.files) for id, a in answers.items() if a.source is not None}

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


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
    plan = Plan(submissions)
    plan.tasks.begin(seed)
    for entry, result in _entries(course, submissions, options):
        plan.add(entry, result)
    reused: set[str] = set()
    for start in range(0, len(plan.entries), _TOGETHER):
        some = plan.entries[start : start + _TOGETHER]
        known = {} if options.fresh else results.get({e.key for e in some if e.key})
        for number, entry in enumerate(some, start):
            if not entry.key or plan.joins(number, entry.key):
                continue
            before = known.get(entry.key)
            if before is not None and before.graded_with and not options.mixed:
                before = None
            again = fillable(before, able) if before is not None else ()
            if before is not None and not again:
                plan.know(number, entry, before)
                plan.reused += 1
                reused.add(entry.key)
            else:
                plan.grade(number, entry, before, again)
    plan.distinct = len(reused) + len(plan.tasks)
    return plan


def _entries(
    course: Course, submissions: Sequence[Submission], options: Options
) -> Iterator[tuple[Entry, Result | None]]:
    """An entry per answer; those without a text have their result."""
    private = private_graders.parts(course, options.graders)
    graders = cache(lambda exercise: grader_digest(course, exercise, private))
    for place, submission in enumerate(submissions):
        for exercise in options.exercises:
            answer = submission.answers.get(exercise.id)
            if answer is None:
                continue
            entry = Entry(submission.student, exercise.id, place, answer.note)
            if answer.source is None:
                yield entry, undone(submission.student, exercise, answer)
                continue
            grader = graders(exercise)
            key = store.key(answer.source, grader, options.seed, options.walls, answer.files)
            yield replace(entry, key=key), None


def undone(student: str, exercise: Exercise, answer: Answer) -> Result:
    """The result of an answer that holds nothing to run, and so needed no seed."""
    verdict = answer.verdict or Verdict.NOT_ATTEMPTED
    return Result(student, exercise.id, "", (), exercise.points, verdict, answer.message)


def fillable(result: Result, able: Callable[[str], bool]) -> tuple[str, ...]:
    """Names of the deferred checks of a stored result that can be run where ``able`` says so."""
    waiting = [c for c in result.checks if c.verdict is Verdict.DEFERRED]
    return tuple(c.name for c in waiting if all(map(able, c.needs)))


def for_student(entry: Entry, result: Result) -> Result:
    """A result of the same text, as this student's."""
    return replace(result, student=entry.student, message=entry.note or result.message)
