"""What processes hold through their descriptors alone: sockets, and files without a name."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.processes.owner import looked

_SHARED_MEMORY = "/dev/shm"


@dataclass(frozen=True, slots=True)
class Held:
    """Of a tree of processes: how many sockets, and bytes of files that no folder names any more,
    in shared memory and elsewhere."""

    sockets: int
    memory: int
    disk: int


def held(pids: Iterable[int]) -> Held:
    """What these processes hold; what is held twice counts once. Processes that go are left out."""
    found: dict[tuple[int, int], os.stat_result] = {}
    for pid in pids:
        with contextlib.suppress(OSError):
            found.update(looked(f"/proc/{pid}/fd", _facts))
    in_memory = -1
    with contextlib.suppress(OSError):
        in_memory = Path(_SHARED_MEMORY).stat().st_dev
    sockets = memory = disk = 0
    for facts in found.values():
        sockets += stat.S_ISSOCK(facts.st_mode)
        if stat.S_ISREG(facts.st_mode) and not facts.st_nlink:
            size = facts.st_blocks * 512
            memory, disk = (
                (memory + size, disk) if facts.st_dev == in_memory else (memory, disk + size)
            )
    return Held(sockets, memory, disk)


def _facts(folder: str) -> dict[tuple[int, int], os.stat_result]:
    found = {}
    for name in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):
            facts = Path(folder, name).stat()
            found[facts.st_dev, facts.st_ino] = facts
    return found
