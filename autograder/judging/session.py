"""The judge, inside this process: one warm pytest session on a thread, workers without walls.

The student runs their own code here, so there is nothing to defend and much to hurry: the
reference shares the student's zygote, nothing is imported that an exercise does not need, and
a run can be broken off when a newer save makes it pointless.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.model import Job, Result
from autograder.outline import Course, Exercise
from autograder.stubs import is_untouched

if TYPE_CHECKING:
    import pytest

    from autograder.sandbox.worker import Worker

MODE_VARIABLE = "KATA_WORKERS"
"""Set to ``spawn`` to use fresh interpreters where fork would do, to ``fork`` for the reverse."""

_PLUGINS_OFF = (
    "cacheprovider",
    "terminal",
    "terminalreporter",
    "junitxml",
    "pastebin",
    "doctest",
    "logging",
    "faulthandler",
    "unraisableexception",
    "threadexception",
    "warnings",
    "stepwise",
    "setuponly",
    "setupplan",
    "tmpdir",
    "unittest",
    "nose",
    "legacypath",
    "recwarn",
    "debugging",
)
"""Plugins of pytest that no grader needs, or that reach into the process they run in."""


class Cancelled(Exception):
    """The run was broken off, because its result would be of no use."""


def mode() -> str:
    """``fork`` or ``spawn``: how workers are made on this machine."""
    asked = os.environ.get(MODE_VARIABLE, "")
    if asked in ("fork", "spawn"):
        return asked
    return "fork" if sys.platform == "linux" else "spawn"


@dataclass
class Evidence:
    """What a check left besides its verdict: measurements, and what the student's code printed."""

    measured: list[Any] = field(default_factory=list)
    printed: str = ""


class _Tracked:
    """A zygote that notes whose workers it makes."""

    def __init__(self, zygote: Any, role: str, log: _Log) -> None:
        self._zygote, self._role, self._log = zygote, role, log

    def worker(
        self,
        limits: Any,
        seed: int = 0,
        affinity: list[int] | None = None,
        beside: Worker | None = None,
    ) -> Worker:
        self._log.refuse_if_cancelled()
        worker: Worker = self._zygote.worker(limits, seed, affinity, beside)
        self._log.made += 1
        # What runs beside the student's code is the grader's.
        self._log.workers.append(("companion" if beside else self._role, worker))
        return worker


class _Log:
    """Workers of the check that is running, and whether the run was broken off."""

    def __init__(self) -> None:
        self.workers: list[tuple[str, Worker]] = []
        self.evidence: dict[str, Evidence] = {}
        self.cancelled = threading.Event()
        self.made = 0  # workers of the run

    def refuse_if_cancelled(self) -> None:
        if self.cancelled.is_set():
            raise Cancelled

    def cancel(self) -> None:
        from autograder.sandbox.processes.procfs import kill_tree

        self.cancelled.set()
        for _, worker in list(self.workers):
            if not worker.ended:
                kill_tree(worker.pid)


def _rooms(course: Course, walls: bool, log: _Log) -> Any:
    """Rooms for one student on one machine (a function, so that the import can wait)."""
    from autograder.judging.outcomes import Deferred
    from autograder.judging.rooms import Room, Rooms, profile_for
    from autograder.sandbox.zygote import Zygote

    class StudentRooms(Rooms):
        def zygote(self, profile: str, role: str, gpu: bool = False) -> Any:
            if self.walls:
                return _Tracked(super().zygote(profile, role, gpu), role, log)
            key = (profile, False, False)
            if key not in self._zygotes:
                self._zygotes[key] = _unwalled(profile)
            return _Tracked(self._zygotes[key], role, log)

        def stock(self, exercise: Exercise, count: int) -> None:
            """Get ready for the next run, while the student reads about this one."""
            profile = profile_for(exercise, self.job.texts if self.job else b"")
            for zygote in self._zygotes.values():
                if zygote.profile == profile and isinstance(zygote, Zygote):
                    zygote.stock(exercise.limits, count)

        def reference_source(self, exercise: Exercise) -> bytes:
            if not self.course.solution(exercise).is_file():
                raise Deferred("the reference, which is not in a class bundle")
            return super().reference_source(exercise)

        @contextlib.contextmanager
        def room(self, item: pytest.Item) -> Iterator[Room]:
            log.refuse_if_cancelled()
            log.workers.clear()
            evidence = log.evidence[item.name] = Evidence()
            with super().room(item) as room:
                try:
                    yield room
                finally:
                    evidence.measured += room.bench.measured
            parts = [bytes(w.printed) for role, w in log.workers if role == "student"]
            evidence.printed = b"".join(dict.fromkeys(parts)).decode("utf-8", "replace")

    def _unwalled(profile: str) -> Any:
        if mode() == "spawn":
            from autograder.sandbox.spawned import SpawnedZygote

            return SpawnedZygote(profile)
        return Zygote(profile, walls=False, ahead=True)

    return StudentRooms(course, walls=walls)


class Engine:
    """Checks one exercise after another; warm from the first. Close it when done.

    ``stock`` is how many workers may wait for the next run, forked while nobody waits for them.
    """

    def __init__(self, course: Course, *, walls: bool = False, stock: int = 0) -> None:
        self.course, self.walls, self._most = course, walls, stock
        self._log = _Log()
        self._rooms: Any = None
        self._session: _Session | None = None
        self._lock = threading.Lock()

    def warm(self, exercise: Exercise) -> None:
        """Start what checking ``exercise`` needs, without waiting for it."""
        threading.Thread(target=self._warm, args=(exercise,), daemon=True).start()

    def _warm(self, exercise: Exercise) -> None:
        from autograder.sandbox.endings import SandboxFault

        # A start that fails is told by the check that needs it.
        with contextlib.suppress(SandboxFault, OSError), self._lock:
            rooms = self._open()
            rooms.zygote(exercise.profile, "student")._zygote.start()

    def _open(self) -> Any:
        if self._rooms is None:
            self._rooms = _rooms(self.course, self.walls, self._log)
        return self._rooms

    def check(self, exercise: Exercise, job: Job, stub: bytes) -> Result:
        """Run the checks of one exercise and wait; :class:`Cancelled` if broken off meanwhile.

        ``stub`` is the untouched exercise. What the checks left besides is in
        :attr:`evidence`, by the check's name.
        """
        self._log.cancelled.clear()
        self._log.evidence, self._log.made = {}, 0
        if self._session is None or self._session.exercise.id != exercise.id:
            if self._session is not None:
                self._session.close()
            # pytest is imported while the workers start: both take about as long.
            self._session = _Session(self, exercise)
        result = self._session.run(job, stub)
        if self._most and not self._log.cancelled.is_set():
            self.rooms().stock(exercise, min(self._log.made, self._most))
        if self._log.cancelled.is_set():
            raise Cancelled
        return result

    def rooms(self) -> Any:
        """The rooms, once whoever warms them has done so."""
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
        if self._session is not None:
            self._session.close()
            self._session = None
        with self._lock:
            if self._rooms is not None:
                self._rooms.close()
                self._rooms = None


class _Session:
    """A pytest session over the grader of one exercise, open until closed."""

    def __init__(self, engine: Engine, exercise: Exercise) -> None:
        self.engine, self.exercise = engine, exercise
        self._jobs: queue.SimpleQueue[tuple[Job, bytes, Future[Result]] | None]
        self._jobs = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._main, name="kata-judge", daemon=True)
        self._thread.start()

    def run(self, job: Job, stub: bytes) -> Result:
        future: Future[Result] = Future()
        self._jobs.put((job, stub, future))
        while True:
            # Short waits, so that a ctrl-C is heard on Windows, too.
            with contextlib.suppress(TimeoutError):
                return future.result(0.2)
            if not self._thread.is_alive() and not future.done():
                raise RuntimeError("the judge's session ended early")

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join(10)

    def _main(self) -> None:
        plugin: Any = None
        try:
            plugin = _plugin(self)
            _run_pytest(self.engine.course.check_files(self.exercise), plugin)
        except BaseException as error:
            self._fail(error)
        finally:
            self._fail(RuntimeError("no grader could be collected"))

    def _fail(self, error: BaseException) -> None:
        """Give the jobs that wait an answer; nobody may hang on a session that is gone."""
        while not self._jobs.empty():
            entry = self._jobs.get()
            if entry is not None:
                entry[2].set_exception(error)


def _run_pytest(files: tuple[Path, ...], plugin: Any) -> None:
    import pytest

    from autograder import environment
    from autograder.judging import checks
    from autograder.judging.collecting import ARGUMENTS, Graders

    arguments = [*ARGUMENTS, *(a for name in _PLUGINS_OFF for a in ("-p", f"no:{name}"))]
    # Nor does the shell's PYTEST_ADDOPTS count; and looking for plugins costs more than the checks.
    with environment.without_pytest_settings():
        pytest.main(arguments, plugins=[checks, Graders([*files]), plugin])


def _plugin(session: _Session) -> Any:
    """The pytest plugin that takes this session's jobs."""
    import pytest

    from autograder.judging.judge import Judge

    class StudentJudge(Judge):
        stub = b""

        def _is_stub(self, exercise: Exercise, source: bytes) -> bool:
            return is_untouched(source, self.stub)

    class Loop:
        judge: StudentJudge

        def pytest_configure(self, config: pytest.Config) -> None:
            config.addinivalue_line("markers", "kata(spec): a check with points")
            self.judge = StudentJudge(session.engine.rooms(), [session.exercise.id])
            config.pluginmanager.register(self.judge, "kata-judge")
            config.pluginmanager.register(self.judge.rooms, "kata-room")

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtestloop(self) -> bool:
            while (entry := session._jobs.get()) is not None:
                job, self.judge.stub, future = entry
                try:
                    future.set_result(self.judge.run(job))
                except BaseException as error:
                    future.set_exception(error)
            return True

    return Loop()
