"""How a judge process is started: by itself, or as a fork of the nursery of a run."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from typing import IO, Any, Protocol

from autograder import environment
from autograder.judging.settings import JudgeSettings

_START_DEADLINE = 120.0  # seconds for a nursery to collect its graders on a busy machine


class NotLaunched(Exception):
    """A judge could not be started; the message holds the end of what was logged."""


class Launched(Protocol):
    """You provide a judge process; its :class:`~.judge_process.Grader` talks to it and ends it."""

    jobs: IO[bytes]
    """Takes a line for each job; closing it tells the judge that there are no more."""
    results: int
    """A descriptor that gives a line for each result."""
    log: IO[bytes]
    """What the judge has logged."""

    @property
    def alive(self) -> bool:
        """Whether the process is there."""

    def kill(self) -> None:
        """End it at once, from any thread."""

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after so many seconds at most."""

    def close(self) -> None:
        """Give back what is held of one that has ended."""


def _command(settings: JudgeSettings, descriptor: int, *more: str) -> list[str]:
    command = ["-m", "autograder.judging.process", settings.to_json(), str(descriptor), *more]
    return [*environment.PYTHON, *command]


class Direct:
    """A judge that is a process by itself, which collects its graders."""

    def __init__(self, settings: JudgeSettings) -> None:
        self.results, write = os.pipe()
        self.log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        try:
            self._process = subprocess.Popen(
                _command(settings, write),
                stdin=subprocess.PIPE,
                stdout=self.log,
                stderr=self.log,
                env=environment.helper(),
                pass_fds=[write],
                start_new_session=True,
            )
        finally:
            os.close(write)
        assert self._process.stdin is not None
        self.jobs: IO[bytes] = self._process.stdin

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def wait(self, seconds: float) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
            return True
        return False

    def close(self) -> None:
        _give_back(self)


class Fork:
    """A judge that is a fork of the nursery, which waits for it; it is known by its pidfd."""

    def __init__(self, jobs: int, results: int, log: IO[bytes]) -> None:
        self.jobs: IO[bytes] = os.fdopen(jobs, "wb")
        self.results, self.log = results, log
        self.pidfd = -1

    @property
    def alive(self) -> bool:
        return not self.wait(0)

    def kill(self) -> None:
        with contextlib.suppress(OSError):  # it has ended, and may have been given back
            signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)

    def wait(self, seconds: float) -> bool:
        return self.pidfd < 0 or bool(select.select([self.pidfd], [], [], seconds)[0])

    def close(self) -> None:
        _give_back(self)
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1


def _give_back(launched: Direct | Fork) -> None:
    with contextlib.suppress(OSError):
        launched.jobs.close()
    if launched.results >= 0:
        os.close(launched.results)
        launched.results = -1
    launched.log.close()


def can_fork() -> bool:
    """Whether judges can be forks of a nursery on this system."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


class Nursery:
    """The nursery of a run, in a process of its own: started with the first judge that is asked
    for, and again if it dies. To be used from any thread."""

    def __init__(self, settings: JudgeSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._log: IO[bytes] | None = None
        self._forks = can_fork()
        self._killed = False

    def judge(self) -> Launched:
        """A new judge; :class:`NotLaunched` where none can be started.

        Where the graders have started threads, which a fork would lose, it is one by itself.
        """
        with self._lock:
            if self._forks and not self._alive():
                self._start()
            return self._fork() if self._forks else Direct(self._settings)

    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _start(self) -> None:
        self._end()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in _end()
        with theirs:
            self._process = subprocess.Popen(
                _command(self._settings, theirs.fileno(), "nursery"),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env=environment.helper(),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        if self._killed:  # while it was being started
            self._process.kill()
        ready, _ = self._reply()
        if ready["threads"] != 1:
            self._forks = False
            self._end()

    def _reply(self) -> tuple[dict[str, Any], list[int]]:
        assert self._control is not None
        self._control.settimeout(_START_DEADLINE)
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, 4096, 1)
            answer: dict[str, Any] = json.loads(data)
            return answer, list(descriptors)
        except (ValueError, TimeoutError, OSError):
            raise NotLaunched(tail(self._log)) from None

    def _fork(self) -> Fork:
        assert self._control is not None
        jobs, ours = os.pipe()
        results, write = os.pipe()
        log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the judge
        fork = Fork(ours, results, log)
        try:
            self._control.settimeout(_START_DEADLINE)
            socket.send_fds(self._control, [b'{"judge": 1}'], [jobs, write, log.fileno()])
            answer, handles = self._reply()
            if not handles:
                raise NotLaunched(str(answer.get("error", tail(self._log))))
            fork.pidfd = handles[0]
        except (NotLaunched, OSError) as error:
            fork.close()
            raise NotLaunched(str(error) or tail(self._log)) from None
        finally:
            os.close(jobs)
            os.close(write)
        return fork

    def kill(self) -> None:
        """End it and all its judges at once and for good, from any thread."""
        self._killed = True
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End it once its judges have ended."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        control, self._control = self._control, None
        if control is not None:
            control.close()
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
        if self._log is not None:
            self._log.close()
            self._log = None


def tail(log: IO[bytes] | None) -> str:
    """The end of what a process has logged."""
    if log is None:
        return "(nothing was logged)"
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - 3000))
    return log.read().decode(errors="replace").strip() or "(nothing was logged)"
