"""What holds one worker's whole tree of processes: a control group, or looks from outside.

Each of four questions goes to the control group where there is one that knows: does anything
run while nothing is asked, how much memory is held, how much CPU time was used, did the kernel
end something for its memory. Otherwise signals stop the tree, and /proc is read.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.sandbox.cgroups import Group, make
from autograder.sandbox.inside import users
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.processes import (
    descriptors,
    procfs,
    stopping,
    tree_anonymous,
    tree_cpu,
    tree_pss,
)

if TYPE_CHECKING:
    from autograder.sandbox.users import User

_FREE_SOCKETS = 128
"""So many sockets of one machine are not counted: their buffers are small as a rule."""
_SOCKET_BUFFER = 2 * 212_992
"""Bytes that one socket may hold at most, as the kernel is set up by default (socket(7))."""


_COUNTS_TAKE = 20
"""A twentieth of the judge's time goes into counting files, at most."""


class Bounds:
    """The bounds of the worker that is process ``pid``; ``walled`` where it has walls, ``user``
    where it has a user of its own for one of them."""

    def __init__(self, pid: int, limits: Limits, walled: bool, user: User | None = None) -> None:
        self.pid, self._user = pid, user
        self._walled = walled
        self.group: Group | None = make(pid, limits) if walled else None
        self._sampled = Sampled(pid)
        self._stopped: list[int] = []
        self._still = False
        self._next_count = 0.0
        if self.group is not None and self.group.counts_cpu:
            procfs.counted[pid] = self.group.cpu

    def described(self) -> list[tuple[str, str]]:
        """What is bounded, and by what: ``cgroup v1``, ``cgroup v2`` or words for the rest."""
        group = self.group
        versions = {}
        if group is not None:
            named = {"memory": group.delegated.memory, "processes": group.delegated.pids}
            named["CPU time"] = group.delegated.unified or group.delegated.cpuacct
            named["stopping"] = group.delegated.unified if group.freezes else None
            versions = {k: f"cgroup v{group.delegated.version(p)}" for k, p in named.items() if p}
            if group.knows_peak:
                versions["memory"] += " with memory.peak"
        otherwise = {
            "memory": "looks from outside",
            "processes": "a limit for each user",
            "CPU time": "looks from outside",
            "stopping": "signals",
        }
        return [(what, versions.get(what, how)) for what, how in otherwise.items()]

    # -- stopping --------------------------------------------------------------------------

    def stop(self) -> None:
        """Nothing of the tree runs from now on; :class:`stopping.NotStopped` where that fails.

        Without walls it goes on: a judge that dies would leave stopped processes for good.
        """
        if self._still or not self._walled:
            return
        if self.group is not None and self.group.freezes:
            self.group.freeze()
        else:
            self._stopped = stopping.stop(self.pid)
        self._still = True

    def go_on(self) -> None:
        """Let everything run that :meth:`stop` has stopped."""
        if not self._still:
            return
        self._still = False
        if self.group is not None and self.group.freezes:
            self.group.thaw()
        else:
            stopping.go_on(self._stopped)

    # -- looking ---------------------------------------------------------------------------

    def too_much_memory(self, limits: Limits) -> bool:
        """Whether the tree holds more than its limit, or has been cut off at it."""
        if self.group is not None and self.group.bounds_memory:
            held = self.group.memory(enough=limits.memory)
            most = limits.memory + (limits.scratch if self._user is not None else 0)
            # In a container, files of the scratch folder are copies that a submission can drop.
            over = held > limits.memory or self.group.peaked(most)
            return over or self.group.ran_out_of_memory()
        # The cheap sum first: it counts pages shared between forks more than once.
        rough, _ = tree_anonymous(self.pid)
        extra = self._beside_pages() if self._walled else 0
        if rough + extra <= limits.memory:
            return False
        return tree_pss(self.pid) + extra > limits.memory

    def cut_off(self) -> bool:
        """Whether the kernel has ended something for its memory."""
        return self.group is not None and self.group.ran_out_of_memory()

    def _beside_pages(self) -> int:
        """Bytes of the tree that belong to no process: files that lie in memory, and sockets."""
        if self._user is not None:
            uid, held = self._user.uid, descriptors.held(procfs.tree(self.pid))
            shared = sum(size for _, size in users.shared_memory(uid))
            return shared + held.memory + _of_sockets(held.sockets, _queues("/proc/self/net", uid))
        return files_in_memory(self.pid) + socket_buffers(self.pid)

    def too_many_files(self, limits: Limits) -> bool:
        """Whether its scratch folder holds more than its limit, where no file system ends it."""
        if self._user is None or (began := time.monotonic()) < self._next_count:
            return False
        # One file is stopped at the limit by the kernel, in words that Python knows; this is above.
        most = limits.scratch + limits.scratch // 4
        unnamed = descriptors.held(procfs.tree(self.pid)).disk
        over = unnamed + self._user.files(most) > most
        now = time.monotonic()
        self._next_count = now + _COUNTS_TAKE * (now - began)
        return over

    def cpu(self) -> float:
        """CPU seconds of everything that the worker has started, ended or not."""
        if self.group is not None and self.group.counts_cpu:
            return self.group.cpu()
        if not self._walled:
            return tree_cpu(self.pid)
        return self._sampled.look()

    def remove(self) -> None:
        """The worker has ended."""
        procfs.counted.pop(self.pid, None)
        if self.group is not None:
            self.group.remove()
            self.group = None


class Sampled:
    """CPU time of a tree from looks at it: what has ended stays counted.

    A child that nobody waits for takes its time with it. What was seen of it remains; and where
    processes run at each look that did not exist at the one before, their like has run between.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._kept = 0.0
        self._seen: dict[tuple[int, str], tuple[float, float]] = {}
        self._at = time.monotonic()

    def look(self) -> float:
        """Seconds so far."""
        now, new = time.monotonic(), 0.0
        seen: dict[tuple[int, str], tuple[float, float]] = {}
        running = 0
        for pid in procfs.tree(self.pid):
            if row := procfs.stat(pid):
                one = (pid, row[19])  # a number is used again, with another start
                seen[one] = procfs.seconds(row[11:15]), procfs.seconds(row[13:15])
                if one not in self._seen and row[0] == "R":
                    running += 1
                    new += seen[one][0]
        ended = sum(used for one, (used, _) in self._seen.items() if one not in seen)
        waited_for = sum(
            seen[one][1] - below for one, (_, below) in self._seen.items() if one in seen
        )
        self._kept += max(0.0, ended - waited_for)
        if self._seen and running:
            self._kept += max(0.0, min(running, os.cpu_count() or 1) * (now - self._at) - new)
        self._seen, self._at = seen, now
        return sum(used for used, _ in seen.values()) + self._kept


def files_in_memory(pid: int) -> int:
    """Bytes in the scratch folders of a worker, which no process need hold."""
    total = 0
    for place in ("tmp", "dev/shm"):
        with contextlib.suppress(OSError):
            filesystem = os.statvfs(f"/proc/{pid}/root/{place}")
            total += (filesystem.f_blocks - filesystem.f_bfree) * filesystem.f_frsize
    return total


def socket_buffers(pid: int) -> int:
    """Bytes that wait in the sockets of a worker's network, or may: an upper bound."""
    try:
        used = int(Path(f"/proc/{pid}/net/sockstat").read_text().split()[2])
    except (OSError, ValueError, IndexError):
        return 0
    return _of_sockets(used, _queues(f"/proc/{pid}/net")) if used > 2 else 0


def _of_sockets(used: int, waiting: int) -> int:
    return max(0, used - _FREE_SOCKETS) * _SOCKET_BUFFER + waiting


def _queues(net: str, uid: int | None = None) -> int:
    """Bytes that wait in a network's connections, of one user if that is given."""
    total = 0
    for name in ("tcp", "tcp6", "udp", "udp6"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            for line in Path(f"{net}/{name}").read_text().splitlines()[1:]:
                row = line.split()
                if uid is None or int(row[7]) == uid:
                    sending, _, receiving = row[4].partition(":")
                    total += int(sending, 16) + int(receiving, 16)
    return total
