"""The rooms of a student's own machine: mostly without walls, and always in a hurry."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from autograder.judging.outcomes import Deferred
from autograder.judging.rooms import WorkerRoom, WorkerRooms, profile_for
from autograder.judging.run_log import RunLog
from autograder.judging.settings import JudgeSettings
from autograder.outline import Course, Exercise
from autograder.sandbox import unwalled
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.protocols import Capability, WorkerSource
from autograder.sandbox.worker import Worker

if TYPE_CHECKING:
    import pytest


class LoggedSource:
    """A :class:`WorkerSource` that notes each worker in the log of the run."""

    def __init__(self, source: WorkerSource, role: str, log: RunLog) -> None:
        self._source, self._role, self._log = source, role, log

    @property
    def profile(self) -> str:
        return self._source.profile

    @property
    def provides(self) -> frozenset[Capability]:
        return self._source.provides

    def start(self) -> None:
        self._source.start()

    def worker(
        self,
        limits: Limits,
        seed: int = 0,
        affinity: list[int] | None = None,
        beside: Worker | None = None,
    ) -> Worker:
        self._log.refuse_if_cancelled()
        worker = self._source.worker(limits, seed, affinity, beside)
        # What runs beside the student's code is the grader's.
        self._log.add("companion" if beside else self._role, worker)
        return worker

    def stock(self, limits: Limits, count: int) -> None:
        self._source.stock(limits, count)

    def close(self) -> None:
        self._source.close()


class StudentRooms(WorkerRooms):
    """Rooms whose workers and evidence are logged; without walls all roles share a source."""

    def __init__(self, course: Course, settings: JudgeSettings, log: RunLog) -> None:
        super().__init__(course, settings)
        self._log = log

    def source(self, profile: str, role: str, gpu: bool = False) -> WorkerSource:
        if self.walls:
            return LoggedSource(super().source(profile, role, gpu), role, self._log)
        key = (profile, False, False)
        if key not in self._sources:
            self._sources[key] = unwalled.source(profile)
        return LoggedSource(self._sources[key], role, self._log)

    def stock(self, exercise: Exercise, count: int) -> None:
        """Get ready for the next run, while the student reads about this one."""
        profile = profile_for(exercise, self.job.texts if self.job else b"")
        for source in self._sources.values():
            if source.profile == profile:
                source.stock(exercise.limits, count)

    def reference_source(self, exercise: Exercise) -> bytes:
        if not self.course.solution(exercise).is_file():
            raise Deferred("the reference, which is not in a class bundle")
        return super().reference_source(exercise)

    @contextlib.contextmanager
    def room(self, item: pytest.Item) -> Iterator[WorkerRoom]:
        evidence = self._log.begin_check(item.name)
        with super().room(item) as room:
            try:
                yield room
            finally:
                evidence.measured += room.scope.measured
        evidence.printed = self._log.printed()
