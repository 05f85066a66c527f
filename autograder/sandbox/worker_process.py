"""The process behind a worker, as the judge holds it: what it prints, and how it is ended."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from autograder.sandbox.inside import folders
from autograder.sandbox.processes import tree

if TYPE_CHECKING:
    from autograder.sandbox.users import User

LAST_WORDS = 0.05  # seconds for one that closed its wire to die of something worth telling


class WorkerProcess(Protocol):
    """You provide a process that runs a worker; its judge reads its output and ends it."""

    number: int
    """By which its parent knows it; 0 where there is no parent to ask."""
    pid: int
    """As the judge's namespace sees it."""
    output: int
    """A descriptor to wait for before :meth:`drain`; -1 where nothing is left to read so."""
    printed: bytearray
    """What it has printed, up to ``most_output`` bytes."""
    most_output: int
    scratch: str
    """A folder to remove afterwards; empty where a wall has its own."""
    user: User | None
    """The user that is the worker's alone, within a container."""

    def drain(self) -> None:
        """Read some of what has been printed, without waiting for more."""

    def drain_all(self) -> None:
        """Read all that was printed before the last reply."""

    def send_signal(self, number: int) -> None:
        """Send it a signal; ``OSError`` where it has gone."""

    def kill(self) -> int:
        """End it with all that it started; the exit code (a signal's number, negative)."""

    def close(self) -> None:
        """The same at once, where nobody asks how it ended."""


class Parent(Protocol):
    """What is asked of the process that forked a worker."""

    dying: list[tuple[int, int, str]]
    """Number, pidfd and scratch folder of workers that were left to die."""

    def wait(self, number: int) -> int:
        """The exit code of a worker that was killed or ended."""


def remove_scratch(scratch: str) -> None:
    """Take away the scratch folder of a worker that had no walls; with walls it goes by itself."""
    if scratch:
        folders.remove(scratch)


class ForkedProcess:
    """A fork of a zygote. ``pid`` is as the zygote sees it; ``pidfd`` may be -1 without walls."""

    user: User | None = None

    def __init__(
        self, parent: Parent, number: int, pid: int, pidfd: int, output: int = -1, scratch: str = ""
    ) -> None:
        self._parent, self.number, self._pidfd = parent, number, pidfd
        self.pid = _outside_pid(pidfd, pid)
        self.output, self.scratch = output, scratch
        if output >= 0:
            os.set_blocking(output, False)
        self.printed, self.most_output = bytearray(), 0

    def drain(self) -> None:
        """Read some of what has been printed, without waiting for more."""
        try:
            data = os.read(self.output, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            os.close(self.output)
            self.output = -1
            return
        self.printed += data[: max(0, self.most_output - len(self.printed))]

    def send_signal(self, number: int) -> None:
        """Send it a signal; ``OSError`` where it has gone."""
        if self._pidfd >= 0:
            signal.pidfd_send_signal(self._pidfd, number)
        else:
            os.kill(self.pid, number)

    def kill(self) -> int:
        """End it with all that it started; the exit code (a signal's number, negative)."""
        # Without walls nothing else ends what the worker started.
        below = tree(self.pid)[1:] if self.scratch else []
        if self._pidfd >= 0:
            select.select([self._pidfd], [], [], LAST_WORDS)
            self._signal_kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        if self.user is not None:
            self.user.end()
        self._kill_below(below)
        code = self._parent.wait(self.number)
        self.drain_all()
        for descriptor in (self._pidfd, self.output):
            if descriptor >= 0:
                os.close(descriptor)
        self._pidfd = self.output = -1
        remove_scratch(self.scratch)
        return code

    def close(self) -> None:
        """The same at once, where nobody asks how it ended."""
        if self._pidfd >= 0:
            if self.scratch and self.user is None:
                self._let_die()
                return
            self._signal_kill()
        self.kill()

    def _let_die(self) -> None:
        """Kill it and do not wait: with torch loaded a process takes longer to go than to come."""
        below = tree(self.pid)[1:]
        self._signal_kill()
        self._kill_below(below)
        self.drain_all()
        if self.output >= 0:
            os.close(self.output)
        self._parent.dying.append((self.number, self._pidfd, self.scratch))
        self._pidfd = self.output = -1

    def _signal_kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _kill_below(self, below: list[int]) -> None:
        if self.scratch:
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
        for pid in below:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def drain_all(self) -> None:
        """Read all that has been printed, up to the limit."""
        while self.output >= 0 and select.select([self.output], [], [], 0)[0]:
            before = len(self.printed)
            self.drain()
            if len(self.printed) in (before, self.most_output):
                break


def _outside_pid(pidfd: int, fallback: int) -> int:
    """The worker's process id as this namespace sees it."""
    if pidfd < 0:
        return fallback
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return fallback
