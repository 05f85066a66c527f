"""What one worker may use, and how the kernel is told (run inside the sandbox)."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

MiB = 1 << 20

LOADING_WALL, LOADING_CPU = 10.0, 4.0
"""Seconds that loading a module may take beyond its limits: an answer may import what it does not
need, and torch alone takes 1.5 s of CPU, and from a cold disk ten seconds."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one worker, that is of one check of one submission.

    ``wall`` and ``cpu`` are seconds, ``memory`` and ``scratch`` bytes, ``processes`` and
    ``files`` counts; a thread counts as a process. ``output`` is how many bytes of
    standard output are kept, ``reply`` how many bytes of arrays one reply may carry.
    """

    wall: float = 10.0
    cpu: float = 10.0
    memory: int = 512 * MiB
    processes: int = 64
    scratch: int = 64 * MiB
    files: int = 512
    output: int = 64 * 1024
    reply: int = 64 * MiB

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def apply_rlimits(limits: Limits, *, processes: bool = True) -> None:
    """Set the rlimits of the calling process, on top of what it uses already.

    Without a user namespace the kernel counts every process of the user, so that a desktop
    would be over the limit before anything ran: ``processes=False`` leaves it out.
    """
    import resource

    page = resource.getpagesize()
    with open("/proc/self/statm") as statm:
        fields = statm.read().split()
    virtual, data = int(fields[0]) * page, int(fields[5]) * page

    def put(which: int, soft: int, most: int | None = None) -> None:
        most = soft if most is None else most
        _, hard = resource.getrlimit(which)
        if hard != resource.RLIM_INFINITY:
            soft, most = min(soft, hard), min(most, hard)
        resource.setrlimit(which, (soft, most))

    # Every thread reserves address space for its stack and its arena without using it, so the
    # address space is allowed more than the memory; real use is watched from outside.
    put(resource.RLIMIT_AS, virtual + 4 * limits.memory + 1024 * MiB)
    put(resource.RLIMIT_DATA, data + 2 * limits.memory)
    # The judge's own look comes first (it ends a worker a tenth above). The kernel counts whole
    # ticks here, on a busy machine a fifth more than /proc shows, so its limit lies well above;
    # SIGXCPU at the lower of its two can be told from a process that ended itself.
    seconds = math.ceil(1.5 * 1.1 * (limits.cpu + LOADING_CPU)) + 2
    put(resource.RLIMIT_CPU, seconds, seconds + 2)
    put(resource.RLIMIT_FSIZE, limits.scratch)
    put(resource.RLIMIT_NOFILE, limits.files)
    if processes:
        put(resource.RLIMIT_NPROC, limits.processes)
    put(resource.RLIMIT_CORE, 0)
    put(resource.RLIMIT_MEMLOCK, 8 * MiB)
    put(resource.RLIMIT_MSGQUEUE, 64 * 1024)
