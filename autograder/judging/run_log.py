"""What a run in this process leaves besides verdicts, and how it is broken off from outside."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.judging.measured import Measured
    from autograder.sandbox.worker import Worker


class Cancelled(Exception):
    """The run was broken off, because its result would be of no use."""


@dataclass
class Evidence:
    """What a check left besides its verdict: measurements, and what the student's code printed."""

    measured: list[Measured] = field(default_factory=list)
    printed: str = ""


class RunLog:
    """Workers and evidence of the run in progress, and whether it was broken off."""

    def __init__(self) -> None:
        self.evidence: dict[str, Evidence] = {}
        self.forks = 0
        """Workers that the run has made."""
        self._workers: list[tuple[str, Worker]] = []  # of the check that is running, with roles
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether the run was broken off."""
        return self._cancelled.is_set()

    def begin_run(self) -> None:
        """Forget the run before."""
        self._cancelled.clear()
        self.evidence, self.forks = {}, 0

    def begin_check(self, name: str) -> Evidence:
        """Where the evidence of the next check goes; :class:`Cancelled` if it is not wanted."""
        self.refuse_if_cancelled()
        self._workers.clear()
        self.evidence[name] = Evidence()
        return self.evidence[name]

    def add(self, role: str, worker: Worker) -> None:
        """A worker was made for a side of the present check."""
        self.forks += 1
        self._workers.append((role, worker))

    def printed(self) -> str:
        """What the student's code has printed in the present check; the same text only once."""
        parts = [bytes(w.printed) for role, w in self._workers if role == "student"]
        return b"".join(dict.fromkeys(parts)).decode("utf-8", "replace")

    def refuse_if_cancelled(self) -> None:
        """Raise :class:`Cancelled` if the run was broken off."""
        if self.cancelled:
            raise Cancelled

    def cancel(self) -> None:
        """Break the run off, from any thread: no worker is made, those there are end."""
        from autograder.sandbox.processes import kill_tree

        self._cancelled.set()
        for _, worker in list(self._workers):
            if not worker.ended:
                kill_tree(worker.pid)
