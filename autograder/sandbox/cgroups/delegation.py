"""Where this process may make control groups, and what can be done there (see cgroups(7))."""

from __future__ import annotations

import contextlib
import functools
import os
from dataclasses import dataclass
from pathlib import Path

from autograder.machine import hierarchies


@dataclass(frozen=True, slots=True)
class Delegated:
    """The folders in which new groups are made, by what is done there; None where nothing is."""

    unified: Path | None = None  # version 2: stops, counts CPU time
    memory: Path | None = None  # the same folder, or one of version 1
    pids: Path | None = None
    cpuacct: Path | None = None  # version 1, where there is no version 2

    def all(self) -> list[Path]:
        """Each folder once."""
        named = (self.unified, self.memory, self.pids, self.cpuacct)
        return list(dict.fromkeys(p for p in named if p is not None))

    def version(self, place: Path) -> int:
        """1 or 2."""
        return 2 if place == self.unified else 1


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK) and os.access(folder / "cgroup.procs", os.W_OK)


def _unified(mount: Path, own: Path) -> tuple[Path | None, bool]:
    """Where a group of version 2 can be made, and whether it would bound memory and processes.

    A group that holds processes can pass no controller on, so that it is mostly the folder above
    one's own: a desktop's user owns it (``user@.service``), root owns all of them.
    """
    for folder in (own, *own.parents):
        if not folder.is_relative_to(mount) or not _writable(folder):
            break
        passed_on = set((folder / "cgroup.subtree_control").read_text().split())
        if {"memory", "pids"} <= passed_on:
            return folder, True
    return (own, False) if _writable(own) else (None, False)


@functools.cache
def find() -> Delegated:
    """What this process was given; looked at once."""
    first: dict[str, Path] = {}  # of version 1, by controller
    unified, bounds = None, False
    with contextlib.suppress(OSError, ValueError):
        for controllers, mount, own in hierarchies():
            if not controllers:
                unified, bounds = _unified(mount, own)
                continue
            for name in controllers & {"memory", "pids", "cpuacct"}:
                if _writable(own):
                    first[name] = own
    if unified is not None and bounds:
        return Delegated(unified, unified, unified)
    accounting = first.get("cpuacct") if unified is None else None
    return Delegated(unified, first.get("memory"), first.get("pids"), accounting)
