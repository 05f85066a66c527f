"""Grading on a cluster: jobs out in parcels, results back, whatever dies in between."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures import Future as Promise
from dataclasses import dataclass, replace
from functools import partial
from queue import Empty, SimpleQueue

from distributed import Future
from distributed.scheduler import KilledWorker

from autograder.cluster import parcels
from autograder.cluster.board import DEATHS, Board, Flight, Kind, Piece
from autograder.cluster.facts import NEEDS, other_versions
from autograder.cluster.link import Link
from autograder.cluster.slots import WorkerEnding
from autograder.grading.tasks import Desk, Graded, Task, filled, graded, nothing
from autograder.judging.settings import JudgeSettings
from autograder.model import Job, Result, Verdict
from autograder.outline import Course
from autograder.text.numbers import counted

AHEAD = 2
"""Parcels per slot that are on their way, so that no slot waits for the next one."""

_LOOK = 2.0  # seconds between looks at who is there
_FETCH = 60.0  # seconds for a result to arrive that is there


@dataclass(frozen=True, slots=True)
class Cluster:
    """A :class:`~autograder.grading.run.Place`: the workers that an open ``link`` leads to."""

    link: Link

    def able(self, need: str) -> bool:
        """Whether a worker that is there can run checks with this need."""
        return need not in NEEDS or self.link.members.meeting((need,)) > 0

    def judges(self, course: Course, settings: JudgeSettings, tasks: int) -> ClusterRun:
        """See :class:`~autograder.grading.run.Place`; the workers have settings of their own."""
        return ClusterRun(self.link, course)

    def described(self) -> str:
        """Who is there, in a few words for the screen."""
        members = self.link.members
        if not members.facts:
            return "no worker"
        return f"{counted(len(members.facts), 'worker')}, {counted(members.slots, 'slot')}"


class ClusterRun:
    """The judges of one run: hands out what is asked for, in a thread that alone uses the link.

    A context manager; where its block ends early, what is on its way is taken back.
    """

    def __init__(self, link: Link, course: Course) -> None:
        self._link, self._course = link, course
        self._board = Board()
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._sent: dict[int, Future] = {}
        self._run = secrets.token_hex(4)
        self._looked = time.monotonic()
        self._ended = False
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._work, name="cluster", daemon=True)

    def __enter__(self) -> ClusterRun:
        self._link.listen(f"kata-{self._run}", self._on_began)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._inbox.put(self._end)
        self._thread.join()

    def grade_all(
        self, tasks: Iterable[Task], meanwhile: Callable[[], None] = nothing
    ) -> Iterator[Graded]:
        """The results of ``tasks``, as they come; see :func:`~autograder.grading.tasks.graded`.

        A measurement that was left open is repeated on a worker that does nothing else.
        """

        def worth(exercise: str) -> float:
            return self._course.exercise(exercise).points

        def ahead() -> int:  # as many wait here as are on their way
            slots = max(1, self._link.members.slots)
            return 2 * AHEAD * slots * self._board.full

        def calm() -> int:
            return len(self._link.members.facts)

        desk = Desk(partial(self.submit, calm=False), ahead)
        by_itself = Desk(partial(self.submit, calm=True), calm)
        return graded(tasks, desk, worth, by_itself, meanwhile)

    def submit(self, job: Job, *, calm: bool) -> Promise[Result]:
        """Have one job graded, on a worker by itself if ``calm``."""
        promise: Promise[Result] = Promise()
        if self._problem is not None:
            promise.set_exception(self._problem)
        else:
            self._inbox.put(partial(self._board.add, Piece(job, promise, calm=calm)))
        return promise

    # -- in the thread ------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            while not self._ended:
                self._take_news()
                self._look()
                self._send()
        except Exception as error:  # without this thread nothing arrives: say so to who waits
            self._problem = error
            self._take_news()  # what was handed in meanwhile
            for piece in self._board.pieces():
                if not piece.future.done():
                    piece.future.set_exception(error)

    def _take_news(self) -> None:
        """Wait for something to happen, then take all that has."""
        try:
            self._inbox.get(timeout=0.5)()
            while True:
                self._inbox.get_nowait()()
        except Empty:
            pass

    def _end(self) -> None:
        self._ended = True
        self._link.cancel(list(self._sent.values()))
        self._sent.clear()

    def _on_began(self, message: dict[str, int]) -> None:
        self._inbox.put(partial(self._board.began, message["parcel"], message["index"]))

    def _look(self) -> None:
        """See who is there, now and then."""
        now = time.monotonic()
        if now - self._looked >= _LOOK or not self._link.members.facts:
            self._looked = now
            if self._link.alive():
                try:
                    self._link.refresh()
                except (OSError, TimeoutError):
                    return  # it is gone; the next look tries to connect

    def _most(self, kind: Kind) -> int:
        """How many parcels of a kind may be on their way."""
        members = self._link.members
        if kind.alone:
            return members.meeting(kind.needs)
        return AHEAD * (members.meeting(kind.needs) if kind.needs else members.slots)

    def _send(self) -> None:
        link, board = self._link, self._board
        if not link.members.facts or not link.alive():
            return
        for kind in board.kinds():
            for flight in board.take(kind, self._most(kind), link.members.slots):
                self._send_one(flight)

    def _send_one(self, flight: Flight) -> None:
        kind, link = flight.kind, self._link
        jobs = tuple(piece.job for piece in flight.pieces)
        parcel = parcels.Parcel(link.topic, flight.number, jobs, gpu="gpu" in kind.needs)
        resources = link.ours.asked(kind.needs, alone=kind.alone, mixed=link.mixed)
        urgent = bool(flight.pieces[0].deaths)
        key = f"{self._run}-{flight.number}"
        future = link.submit(key, parcels.pack(parcel), resources, urgent=urgent)
        self._sent[flight.number] = future
        future.add_done_callback(lambda _: self._inbox.put(partial(self._landed, flight)))

    def _landed(self, flight: Flight) -> None:
        """What has become of a parcel."""
        future = self._sent.pop(flight.number, None)
        if future is None:
            return
        try:
            reply = parcels.unpack_reply(future.result(timeout=_FETCH))
        except KilledWorker as error:
            self._died(flight, error.last_worker.address)
        except (WorkerEnding, CancelledError, OSError, TimeoutError):
            self._board.lost(flight)
        except Exception as error:
            if future.status != "error":
                self._board.lost(flight)
            else:
                self._died(flight, f"{type(error).__name__}: {error}"[:200])
        else:
            self._board.arrived(flight, reply.seconds)
            for piece, result in zip(flight.pieces, reply.results, strict=True):
                self._settle(piece, self._noted(result, reply.versions))

    def _died(self, flight: Flight, worker: str) -> None:
        condemned = self._board.died(flight, worker)
        if condemned is not None:
            job, named = condemned.job, ", ".join(condemned.deaths) or worker
            worth = self._course.exercise(job.exercise).points
            message = f"{DEATHS} workers died while they graded this answer: {named}"
            self._settle(
                condemned,
                Result(
                    job.student, job.exercise, job.seed, (), worth, Verdict.GRADER_FAULT, message
                ),
            )

    def _noted(self, result: Result, versions: dict[str, str]) -> Result:
        """A result with the versions of its worker, if they are not ours."""
        ours = self._link.ours
        return replace(result, graded_with=other_versions(ours, replace(ours, versions=versions)))

    def _settle(self, piece: Piece, result: Result) -> None:
        """Give a result back, or send its deferred checks to a worker that can run them."""
        if piece.before is not None:
            result = filled(piece.before, result, piece.job.only)
        needs, names = self._left(result)
        if names and not piece.needs:
            job = replace(piece.job, only=names)
            self._board.add(Piece(job, piece.future, needs, before=result))
        elif not piece.future.done():
            piece.future.set_result(result)

    def _left(self, result: Result) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the deferred checks need, and those whose needs a worker that is there meets."""
        deferred = [c for c in result.checks if c.verdict is Verdict.DEFERRED]
        needs = tuple(sorted({need for c in deferred for need in c.needs if need in NEEDS}))
        if not needs or not self._link.members.meeting(needs):
            return (), ()
        return needs, tuple(c.name for c in deferred if set(c.needs) <= set(needs))
