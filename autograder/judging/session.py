"""The judge, inside this process: one warm pytest session on a thread, workers without walls.

The student runs their own code here, so there is nothing to defend and much to hurry: the
reference shares the student's zygote, nothing is imported that an exercise does not need, and
a run can be broken off when a newer save makes it pointless.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.judging.run_log import Cancelled, Evidence, RunLog
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Result, Walls
from autograder.outline import Course, Exercise

if TYPE_CHECKING:
    from autograder.judging.judge import Judge
    from autograder.judging.student_rooms import StudentRooms

__all__ = ["Cancelled", "Evidence", "JudgeSession"]


class JudgeSession:
    """Checks one exercise after another; warm from the first. Close it when done.

    Without ``settings`` there are no walls. ``stock`` is how many workers may wait for the next
    run, forked while nobody waits for them.
    """

    def __init__(
        self, course: Course, settings: JudgeSettings | None = None, *, stock: int = 0
    ) -> None:
        self.course, self._most = course, stock
        self._settings = settings or JudgeSettings(course.root, walls=Walls.NONE)
        self._log = RunLog()
        self._rooms: StudentRooms | None = None
        self._checks: _CheckThread | None = None
        self._lock = threading.Lock()

    def warm(self, exercise: Exercise) -> None:
        """Start what checking ``exercise`` needs, without waiting for it."""
        threading.Thread(target=self._warm, args=(exercise,), daemon=True).start()

    def _warm(self, exercise: Exercise) -> None:
        from autograder.sandbox.endings import SandboxFault

        # A start that fails is told by the check that needs it.
        with contextlib.suppress(SandboxFault, OSError), self._lock:
            self._open().source(exercise.profile, "student").start()

    def _open(self) -> StudentRooms:
        if self._rooms is None:
            # Imported late: the command that checks has something to say first.
            from autograder.judging.student_rooms import StudentRooms

            self._rooms = StudentRooms(self.course, self._settings, self._log)
        return self._rooms

    def check(self, exercise: Exercise, job: Job, stub: bytes) -> Result:
        """Run the checks of one exercise and wait; :class:`Cancelled` if broken off meanwhile.

        ``stub`` is the untouched exercise. What the checks left besides is in
        :attr:`evidence`, by the check's name.
        """
        self._log.begin_run()
        if self._checks is None or self._checks.exercise.id != exercise.id:
            if self._checks is not None:
                self._checks.close()
            # pytest is imported while the workers start: both take about as long.
            self._checks = _CheckThread(self, exercise)
        result = self._checks.run(job, stub)
        if self._most and not self._log.cancelled:
            self.rooms().stock(exercise, min(self._log.forks, self._most))
        self._log.refuse_if_cancelled()
        return result

    def rooms(self) -> StudentRooms:
        """The rooms, once they are warm."""
        with self._lock:
            return self._open()

    @property
    def evidence(self) -> dict[str, Evidence]:
        """What each check of the last run left, by name."""
        return self._log.evidence

    def cancel(self) -> None:
        """Break off the run in progress, from any thread."""
        self._log.cancel()

    def close(self) -> None:
        """End the session and every worker."""
        self._log.cancel()
        if self._checks is not None:
            self._checks.close()
            self._checks = None
        with self._lock:
            if self._rooms is not None:
                self._rooms.close()
                self._rooms = None


@dataclass(frozen=True, slots=True)
class _Request:
    """A job for the session's thread, and where its result goes."""

    job: Job
    stub: bytes
    result: Future[Result] = field(default_factory=Future)


class _CheckThread:
    """A pytest session over the grader of one exercise, open until closed."""

    def __init__(self, owner: JudgeSession, exercise: Exercise) -> None:
        self.owner, self.exercise = owner, exercise
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._main, name="kata-judge", daemon=True)
        self._thread.start()

    def run(self, job: Job, stub: bytes) -> Result:
        request = _Request(job, stub)
        self._requests.put(request)
        while True:
            # Short waits, so that a ctrl-C is heard on Windows, too.
            with contextlib.suppress(TimeoutError):
                return request.result.result(0.2)
            if not self._thread.is_alive() and not request.result.done():
                raise RuntimeError("the judge's session ended early")

    def close(self) -> None:
        self._requests.put(None)
        self._thread.join(10)

    def _main(self) -> None:
        try:
            from autograder.judging import pytest_session

            graders = self.owner.course.check_files(self.exercise)
            pytest_session.run([*graders], self._judge, self._serve, own_process=False)
        except BaseException as error:
            self._fail(error)
        finally:
            self._fail(RuntimeError("no grader could be collected"))

    def _judge(self) -> Judge:
        from autograder.judging.judge import Judge

        # A student is waiting, and one hang is enough to say where.
        return Judge(self.owner.rooms(), most_costly=1)

    def _serve(self, judge: Judge) -> None:
        while (request := self._requests.get()) is not None:
            try:
                request.result.set_result(judge.run(request.job, request.stub))
            except BaseException as error:
                request.result.set_exception(error)

    def _fail(self, error: BaseException) -> None:
        """Give the jobs that wait an answer; nobody may hang on a session that is gone."""
        while not self._requests.empty():
            request = self._requests.get()
            if request is not None:
                request.result.set_exception(error)
