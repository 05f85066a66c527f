"""On a worker: its judges, one per slot, and the task that a coordinator sends them."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker
from distributed.utils import sync

from autograder import outline
from autograder.cluster import parcels
from autograder.cluster.facts import Facts
from autograder.grading import private_graders
from autograder.grading.fleet import Fleet
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Result

PLUGIN = "kata"


class WorkerEnding(Exception):
    """The worker was asked to end; its jobs are still to be done."""


@dataclass(frozen=True, slots=True)
class Setup:
    """How a worker is set up, as a value that travels to its process.

    ``graders`` are folders of private graders. ``secrets`` are paths that no submission may see.
    """

    course: Path
    facts: Facts
    graders: tuple[Path, ...] = ()
    secrets: tuple[Path, ...] = ()


class Slots(WorkerPlugin):  # type: ignore[misc]
    """The judges of one worker. They start with the first job and end with the worker."""

    name = PLUGIN

    def __init__(self, setup: Setup) -> None:
        self.facts, self._setup = setup.facts, setup
        self._lock: threading.Lock | None = None  # made where it is used: this object travels
        self._open = contextlib.ExitStack()
        self._fleets: dict[bool, Fleet] = {}
        self._ending = False

    def setup(self, worker: Worker) -> None:
        """Announce this machine, before the worker registers with the scheduler."""
        self._lock = threading.Lock()
        if worker.nanny is not None and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C is for the process beside it
        self._worker = worker.name if isinstance(worker.name, str) else worker.address
        facts, resources = self.facts.as_dict(), self.facts.resources()
        worker.startup_information = {**worker.startup_information, PLUGIN: lambda _: facts}
        worker.state.total_resources.update(resources)
        worker.state.available_resources.update(resources)

    async def teardown(self, worker: Worker) -> None:
        """End the judges, in the middle of a job or not."""
        await asyncio.to_thread(self.end)

    def end(self) -> None:
        """See :meth:`teardown`."""
        assert self._lock is not None
        with self._lock:
            self._ending = True
        # Not by a thrown error: each of the judges is killed, and none is waited for.
        self._open.__exit__(WorkerEnding, WorkerEnding(), None)

    def grade(self, job: Job, gpu: bool) -> Result:
        """Grade one job; :class:`WorkerEnding` where the worker ends before it is done."""
        try:
            result = self._fleet(gpu).submit(job).result()
        except Exception:
            if self._ending:
                raise WorkerEnding from None
            raise
        if self._ending:  # the result may be that of a judge that was killed
            raise WorkerEnding
        return result

    def _fleet(self, gpu: bool) -> Fleet:
        assert self._lock is not None
        with self._lock:
            if self._ending:
                raise WorkerEnding
            if gpu not in self._fleets:
                setup = self._setup
                course = outline.load(setup.course)
                private = private_graders.files(setup.graders)
                secrets = (*setup.secrets, *setup.graders)
                settings = JudgeSettings(
                    course.root, (), self.facts.walls, secrets, private, gpu=gpu
                )
                fleet = Fleet(course, settings, self.facts.slots)
                self._fleets[gpu] = self._open.enter_context(fleet)
            return self._fleets[gpu]

    def reply(
        self,
        data: bytes,
        began: Callable[[str, dict[str, int]], None],
        wanted: Callable[[], bool] = lambda: True,
    ) -> bytes:
        """Do the jobs of a parcel; ``began`` is told of each as it begins.

        It stops before a job that is not ``wanted`` any more: the coordinator has gone.
        """
        parcel = parcels.unpack(data)
        start, results = time.monotonic(), []
        for index, job in enumerate(parcel.jobs):
            if not wanted():
                raise WorkerEnding
            began(parcel.topic, {"parcel": parcel.number, "index": index})
            results.append(self.grade(job, parcel.gpu))
        seconds = time.monotonic() - start
        return parcels.pack_reply(results, seconds, self._worker, self.facts.versions)


def grade_parcel(data: bytes) -> bytes:
    """The task: a parcel of jobs to a reply, see :mod:`.parcels`."""
    worker: Any = get_worker()
    slots = worker.plugins[PLUGIN]
    assert isinstance(slots, Slots)
    key = worker.get_current_task()

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state == "executing"

    def began(topic: str, message: dict[str, int]) -> None:
        # The answer is waited for: a worker that dies of the job has announced it.
        sync(worker.loop, worker.scheduler.log_event, topic=topic, msg=message)

    return slots.reply(data, began, wanted)


def told(words: str) -> None:
    """Say on the worker's own screen what a coordinator has to say to it."""
    print(words, file=sys.stderr, flush=True)
