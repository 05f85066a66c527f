"""The time that a worker has, kept by the judge: wall time for a request, CPU for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable

from autograder.sandbox.inside.limits import LOADING_CPU, LOADING_WALL, Limits
from autograder.sandbox.processes import tree_cpu, tree_delay

_PATIENCE = 25  # times the wall limit, at most, for a worker that a busy machine keeps waiting
_SHORT = 0.05  # seconds that make no difference


class Allowance:
    """What process ``pid`` and its children may take under ``limits``; it starts at once.

    Wall time in which a thread of theirs was ready to run and had no core does not count, so
    that an answer is not late because the machine is busy with others. ``cpu`` is how to ask for
    the CPU seconds of all of them. Nothing beyond the limit is allowed if ``exactly``.
    """

    def __init__(
        self,
        pid: int,
        limits: Limits,
        cpu: Callable[[], float] | None = None,
        *,
        exactly: bool = False,
    ) -> None:
        self.pid, self.limits, self._exactly = pid, limits, exactly
        self._used = cpu or (lambda: tree_cpu(pid))
        self.cpu_before = 0.0  # seconds used by what ran in this process before, if anything
        self._loading = False
        self._given_back = 0.0
        self.begin(limits.wall)

    def begin(self, wall: float) -> None:
        """A request of ``wall`` seconds begins."""
        self._began = time.monotonic()
        self._wall, self.deadline = wall, self._began + wall

    def late(self, now: float) -> bool:
        """Whether the wall time of the request is up."""
        if now < self.deadline:
            return False
        waited = (
            min(tree_delay(self.pid, self._used()), _PATIENCE * self.limits.wall) - self._given_back
        )
        if waited < _SHORT:
            return True
        self._given_back += waited
        self.deadline += waited
        return now >= self.deadline

    def spent(self) -> bool:
        """Whether the CPU time is up."""
        allowed = self._cpu() if self._exactly else self._cpu() * 1.1 + 0.5
        return self._used() - self.cpu_before > allowed

    def begin_loading(self) -> None:
        """A module is loaded, with the time that imports take beside what it does itself."""
        self._loading = True
        self.begin(self.limits.wall + LOADING_WALL)

    def end_loading(self) -> None:
        """It has been loaded; what that took is taken off the allowance for loading."""
        self._loading = False
        if time.monotonic() - self._began > _SHORT:
            self.cpu_before += min(LOADING_CPU, self._used() - self.cpu_before)

    def words(self, cpu: bool) -> str:
        """The limit of the present request, for a message."""
        return f"{self._cpu():g} s of CPU time" if cpu else f"{self._wall:g} s"

    def _cpu(self) -> float:
        return self.limits.cpu + LOADING_CPU * self._loading
