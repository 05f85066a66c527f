"""Where workers come from, whatever they are: the seam between the judge and the sandbox."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Protocol

from autograder.model import Walls
from autograder.sandbox.endings import SandboxFault
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.worker import Worker


class Capability(StrEnum):
    """What not every source of workers, or not every system, can do."""

    WALLS = "walls"
    """Code reaches no file or process but its worker's own, and no network but loopback."""
    OWN_NETWORK = "a network of its own"
    """Its loopback is nobody else's but its neighbours'."""
    OWN_PROCESS = "a process of its own"
    """Code that hangs, crashes or takes too much ends its worker and nothing else. What it prints
    is kept, and what it does to its arguments is done to copies."""
    NEIGHBOURS = "a shared network"
    """A worker can reach another one over loopback (``beside``)."""
    CORES = "a choice of cores"
    """A worker can be bound to some cores (``affinity``)."""


def provided(walls: Walls) -> frozenset[Capability]:
    """What workers can do that are processes of this system."""
    capabilities = {Capability.OWN_PROCESS, Capability.NEIGHBOURS}
    if walls:
        capabilities.add(Capability.WALLS)
    if walls is Walls.NAMESPACES:
        capabilities.add(Capability.OWN_NETWORK)
    if hasattr(os, "sched_setaffinity"):
        capabilities.add(Capability.CORES)
    return frozenset(capabilities)


class NotProvided(SandboxFault):
    """A source of workers was asked for something that it does not provide."""

    def __init__(self, capability: Capability) -> None:
        super().__init__(f"not provided here: {capability}")
        self.capability = capability


class WorkerSource(Protocol):
    """Makes workers that have imported the packages of one profile.

    You provide the methods below; ``tests/sandbox/test_conformance.py`` is run on every source
    and shows what each has to do. You get called from one thread at a time, with limits and
    seeds that the judge has chosen, and never with a submission: that goes to the worker.
    """

    @property
    def profile(self) -> str:
        """What is imported ahead (:mod:`autograder.sandbox.inside.profiles`)."""

    @property
    def provides(self) -> frozenset[Capability]:
        """What workers of this source can do; the rest is refused with :class:`NotProvided`."""

    def start(self) -> None:
        """Get ready to make workers; does nothing if it is. :class:`SandboxFault` on failure."""

    def worker(
        self,
        limits: Limits,
        seed: int = 0,
        affinity: list[int] | None = None,
        beside: Worker | None = None,
    ) -> Worker:
        """A worker that nothing has been loaded into, for the caller to close.

        ``seed`` seeds every random generator in it. ``affinity`` lists the cores that it may run
        on. ``beside`` is a living worker of this source whose loopback network it shares. Starts
        the source if need be. :class:`SandboxFault` where no worker can be made,
        :class:`NotProvided` for what is not provided.
        """

    def stock(self, limits: Limits, count: int) -> None:
        """Have up to ``count`` workers ready for later, where that helps; never fails."""

    def close(self) -> None:
        """End what was started, workers included; a second time, do nothing."""
