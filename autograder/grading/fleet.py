"""The judges of one run: a pool of threads, and a judge process for each."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, LifoQueue
from types import TracebackType

from autograder.grading.judge_process import Grader
from autograder.grading.launching import Nursery
from autograder.grading.tasks import Desk, Graded, Task, graded, nothing
from autograder.judging.settings import JudgeSettings
from autograder.machine import cores
from autograder.model import Job, Result
from autograder.outline import Course
from autograder.sandbox import cgroups

JUDGES_PER_CORE = 2.5
JUDGE_BYTES = 700 << 20
"""Memory of a judge and its sandboxes with torch loaded, at their peak."""


def default_judges() -> int:
    """How many judges to run at a time: more than cores, as far as memory goes.

    Checks wait much of their time (for sleeps, for clients, for a hung submission's deadline),
    so a judge per core would leave the cores idle half of the time. Timings are ratios within one
    lock, and marks are the same (``docs/decisions/0008-more-judges-than-cores.md``).
    """
    import psutil

    fitting = psutil.virtual_memory().available // JUDGE_BYTES
    return int(max(1, min(JUDGES_PER_CORE * cores(), fitting)))


class Fleet:
    """Judges for one run, each set up by ``settings``; a context manager that ends them all.

    ``judges`` is how many work at a time, :func:`default_judges` when None. Each is started with
    its first job and stays warm between jobs. Where the block is left by an exception, ctrl-C
    included, judges at work are killed; their jobs are lost.
    """

    def __init__(self, course: Course, settings: JudgeSettings, judges: int | None = None) -> None:
        self.course, self.settings = course, settings
        self.judges = judges or default_judges()
        self._nursery = Nursery(settings)
        self._pool = ThreadPoolExecutor(self.judges, thread_name_prefix="judge")
        self._lock = threading.Lock()
        self._graders: list[Grader] = []
        self._idle: LifoQueue[Grader] = LifoQueue()
        """Those without a job; the one that worked last is the warmest."""
        self._ending = False

    def __enter__(self) -> Fleet:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        try:
            self._end(at_once=error is not None)
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)
            cgroups.sweep_all()  # what still ran in a judge's groups as it was killed

    def _end(self, *, at_once: bool) -> None:
        with self._lock:
            self._ending = True
            graders = list(self._graders)
        if at_once:
            self._pool.shutdown(wait=False, cancel_futures=True)
            for grader in graders:
                grader.kill()
            self._nursery.kill()
            self._pool.shutdown(wait=True)  # a thread may still be reading from its judge
        # Before their threads: the kernel kills a judge as soon as the one that started it ends.
        for grader in graders:
            grader.hang_up()
        for grader in graders:
            grader.close()
        self._nursery.close()

    def grade_all(
        self, tasks: Iterable[Task], meanwhile: Callable[[], None] = nothing
    ) -> Iterator[Graded]:
        """The results of ``tasks``, as they come; see :func:`.tasks.graded`."""

        def worth(exercise: str) -> float:
            return self.course.exercise(exercise).points

        desk = Desk(self.submit, lambda: 2 * self.judges)
        return graded(tasks, desk, worth, Desk(self.submit, lambda: 1), meanwhile)

    def submit(self, job: Job) -> Future[Result]:
        """Have one job graded, in a thread that lives as long as the fleet."""
        return self._pool.submit(self.grade, job)

    def grade(self, job: Job) -> Result:
        """Grade one job with a judge that is idle, or a new one."""
        grader = self._take()
        try:
            return grader.grade(job)
        finally:
            self._idle.put(grader)

    def _take(self) -> Grader:
        with contextlib.suppress(Empty):
            return self._idle.get_nowait()
        grader = Grader(self.course, self.settings, self._nursery)
        with self._lock:
            if self._ending:
                raise RuntimeError("this run is ending")
            self._graders.append(grader)
        return grader
