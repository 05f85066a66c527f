"""Many jobs over any ``concurrent.futures.Executor``: a local pool by default.

What is submitted is one picklable function, :func:`run`, so a Dask cluster's executor
(``distributed.Client(url).get_executor()``) does as well as a thread pool. Each thread that
runs it keeps a judge of its own, warm between jobs.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from autograder import outline
from autograder.grading.judge_process import Grader
from autograder.model import Job, Result, Verdict
from autograder.sandbox import cgroups


@dataclass(frozen=True, slots=True)
class Settings:
    """What every judge of a run is started with."""

    course: Path
    exercises: tuple[str, ...]
    walls: bool = True
    secrets: tuple[Path, ...] = ()
    graders: tuple[Path, ...] = ()


_local = threading.local()
_lock = threading.Lock()
_graders: list[Grader] = []


def _grader(settings: Settings) -> Grader:
    """This thread's judge for these settings."""
    made: tuple[Settings, Grader] | None = getattr(_local, "made", None)
    if made is None or made[0] != settings or made[1] not in _graders:
        if made is not None:
            made[1].close()
        course = outline.load(settings.course)
        with _lock:
            grader = Grader(
                course,
                list(settings.exercises),
                walls=settings.walls,
                secrets=settings.secrets,
                graders=settings.graders,
            )
            _graders.append(grader)
        made = _local.made = (settings, grader)
    return made[1]


def run(settings: Settings, job: Job) -> Result:
    """Grade one job with this thread's judge."""
    return _grader(settings).grade(job)


def close_judges(*, at_once: bool = False) -> None:
    """End every judge of this process; ``at_once`` also those that are at work."""
    with _lock:
        graders = list(_graders)
        _graders.clear()
    for grader in graders:
        if at_once:
            grader.kill()
        else:
            grader.hang_up()
    for grader in graders:
        grader.close()


@contextlib.contextmanager
def local(workers: int) -> Iterator[Executor]:
    """A pool of threads, each with a judge process; all ended when the block is left."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="judge")
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        close_judges(at_once=True)
        raise
    finally:
        # Judges first: the kernel kills a judge as soon as the thread that started it ends.
        close_judges()
        pool.shutdown(wait=True)
        cgroups.sweep_all()  # what still ran in a judge's groups as it was killed


def grade_all(
    jobs: Iterable[tuple[str, Job]],
    executor: Executor,
    settings: Settings,
    *,
    ahead: int = 8,
    grade: Callable[[Settings, Job], Result] = run,
) -> Iterator[tuple[str, Result]]:
    """Each job's key and result, as they come; at most ``ahead`` jobs are handed out at once.

    A job whose worker died is handed out once more; then it is a grader fault.
    """
    pending: dict[Future[Result], tuple[str, Job, int]] = {}
    source = iter(jobs)
    exhausted = False
    while pending or not exhausted:
        while not exhausted and len(pending) < ahead:
            task = next(source, None)
            if task is None:
                exhausted = True
                break
            key, job = task
            pending[executor.submit(grade, settings, job)] = (key, job, 1)
        if not pending:
            break
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            key, job, tries = pending.pop(future)
            try:
                result = future.result()
            except Exception as error:
                if tries < 2:
                    pending[executor.submit(grade, settings, job)] = (key, job, tries + 1)
                    continue
                # The process that handed the job out knows what the exercise is worth.
                result = Result(
                    job.student,
                    job.exercise,
                    job.seed,
                    (),
                    0.0,
                    Verdict.GRADER_FAULT,
                    f"the worker failed: {type(error).__name__}: {error}"[:500],
                )
            yield key, result
