"""Grading a class: the one way, for `autograde grade` and for nbgrader's button."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from autograder.errors import KataError
from autograder.grading import private_graders
from autograder.grading.file_store import FileStore
from autograder.grading.fleet import Fleet, default_judges
from autograder.grading.plan import Options, Plan, planned
from autograder.grading.store import Store, StoreError
from autograder.grading.tasks import Graded, Task
from autograder.ingest.submissions import Submission
from autograder.judging import locks
from autograder.judging.settings import JudgeSettings
from autograder.machine import has
from autograder.model import Result
from autograder.outline import Course

__all__ = ["Options", "OutputBusy", "Plan", "Progress", "grade_class", "output_folder"]

_SEED = "unfinished-seed"  # in the store: that of a run that was cut off


class OutputBusy(KataError):
    """Another run is writing to the same output folder."""


class Progress(Protocol):
    """Who is told how a run goes, in the thread that called :func:`grade_class`."""

    def begin(self, plan: Plan) -> None:
        """All is known that the store has; nothing has been graded yet."""

    def meanwhile(self) -> None:
        """The first jobs are out, and nobody waits for this process: time for slow things."""

    def graded(self, result: Result) -> None:
        """One more task of the plan is done and, unless the store has failed, stored."""


class Judges(Protocol):
    """Those that grade the tasks of a run."""

    def grade_all(self, tasks: Iterable[Task], meanwhile: Callable[[], None]) -> Iterator[Graded]:
        """The results of ``tasks``, as they come; ``meanwhile`` is called once jobs are out."""


class Place(Protocol):
    """Where judges work: on this machine, or on a cluster."""

    def able(self, need: str) -> bool:
        """Whether a check with this need (``gpu``, ``cores``) can be run there."""

    def judges(
        self, course: Course, settings: JudgeSettings, tasks: int
    ) -> contextlib.AbstractContextManager[Judges]:
        """Judges for so many ``tasks``, which end with the block."""


class Here:
    """This machine, with so many judges (:func:`.fleet.default_judges` when None)."""

    def __init__(self, jobs: int | None = None) -> None:
        self._jobs = jobs

    def able(self, need: str) -> bool:
        """See :class:`Place`."""
        return has(need)

    def judges(self, course: Course, settings: JudgeSettings, tasks: int) -> Fleet:
        """See :class:`Place`."""
        most = self._jobs or (default_judges() if tasks > 1 else 1)
        return Fleet(course, settings, min(most, tasks))


class _Unwatched:
    """Progress that nobody looks at."""

    def begin(self, plan: Plan) -> None: ...

    def meanwhile(self) -> None: ...

    def graded(self, result: Result) -> None: ...


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


def grade_class(
    course: Course,
    submissions: Sequence[Submission],
    options: Options,
    on_result: Progress | None = None,
    place: Place | None = None,
) -> Plan:
    """Grade every answer of a class whose result the store does not have; all results.

    A result is stored before the next is waited for. A store that fails under way (a full disk)
    is left alone from then on, ``not_stored`` of the plan says why, and the run goes on. A run
    that is cut off leaves its seed in the store, and the next one goes on with it. ``place`` is
    where the judges work (:class:`Here` when None).

    Raises :class:`StoreError` where the store cannot be used to begin with.
    """
    told, place = on_result or _Unwatched(), place or Here(options.jobs)
    store = _store(options)
    with contextlib.closing(store):
        seed = _seed(store, options.seed)
        plan = planned(course, submissions, options, store, seed, place.able)
        told.begin(plan)
        if plan.tasks:
            settings = _judge_settings(course, options, plan)
            with place.judges(course, settings, len(plan.tasks)) as judges:
                _grade(plan, judges, store, told)
        plan.end()
        if options.seed is None:
            _write(plan, lambda: store.set_meta(_SEED, None))
    return plan


def _store(options: Options) -> Store:
    """The store at the URL that was given; without one, a file in the output folder."""
    if not options.db:
        return FileStore.in_folder(options.out)
    from autograder.grading.database import DatabaseStore

    return DatabaseStore(options.db)


def _seed(store: Store, asked: str | None) -> str:
    """The seed of this run: the one asked for, that of a run that was cut off, or a new one."""
    if asked is not None:
        return asked
    return store.meta_or(_SEED, secrets.token_hex(16))


def _judge_settings(course: Course, options: Options, plan: Plan) -> JudgeSettings:
    """How the judges of a run are set up. They know the exercises that there is something to grade
    of, because collecting graders takes time."""
    private = options.graders
    database: tuple[Path, ...] = ()
    if options.db:
        from autograder.grading.database import private_paths

        database = private_paths(options.db)
    hidden = (*options.secrets, options.out.resolve(), *private, *database)
    ids = tuple(e.id for e in options.exercises if e.id in plan.tasks.exercises)
    graders = private_graders.files(private)
    return JudgeSettings(course.root, ids, options.walls, hidden, graders)


def _grade(plan: Plan, judges: Judges, store: Store, told: Progress) -> None:
    """Do the tasks of a plan."""
    for graded in judges.grade_all(plan.tasks, told.meanwhile):
        if not graded.result.faulted:
            _write(plan, partial(store.put, graded.task.key, graded.result))
        plan.settle(graded.task, graded.result)
        if not graded.again:
            told.graded(graded.result)


def _write(plan: Plan, write: Callable[[], None]) -> None:
    """Write to the store, unless it has failed before; the plan says where it fails."""
    if plan.not_stored:
        return
    try:
        write()
    except StoreError as error:
        plan.not_stored = str(error)
