"""The control group of one worker: what it bounds, and what can be read from it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from autograder.sandbox.cgroups import cleanup, delegation
from autograder.sandbox.cgroups.delegation import Delegated
from autograder.sandbox.inside.limits import Limits, MiB

_TCP_SHARE = 4  # a quarter of the memory may be socket buffers (version 1 counts them apart)


class Group:
    """The control group of one worker."""

    def __init__(self, pid: int, limits: Limits, delegated: Delegated) -> None:
        """Make it and move process ``pid`` into it; ``OSError`` where that is refused."""
        self.delegated = delegated
        name = cleanup.new_name()
        self._folders: dict[Path, Path] = {}
        self._open: dict[str, int] = {}
        try:
            for place in delegated.all():
                folder = place / name
                folder.mkdir()
                self._folders[place] = folder
                self._bound(place, folder, limits)
                _write(folder / "cgroup.procs", str(pid))
            if delegated.unified is not None:
                self._freeze = os.open(self._path("unified", "cgroup.freeze"), os.O_WRONLY)
                self._open["freeze"] = self._freeze
        except OSError:
            self.remove()
            raise

    def _bound(self, place: Path, folder: Path, limits: Limits) -> None:
        # The judge's own look decides at the limit; the kernel's, above, is for what is faster.
        most = str(limits.memory + limits.memory // 8 + 32 * MiB)
        if place == self.delegated.memory and self.delegated.version(place) == 2:
            _write(folder / "memory.max", most)
            for name, value in (("memory.swap.max", "0"), ("memory.oom.group", "1")):
                with contextlib.suppress(OSError):  # without swap, or Linux before 4.19
                    _write(folder / name, value)
        elif place == self.delegated.memory:
            _write(folder / "memory.limit_in_bytes", most)
            share = str(max(limits.memory // _TCP_SHARE, 16 * MiB))
            names = (
                ("memory.memsw.limit_in_bytes", most),
                ("memory.kmem.tcp.limit_in_bytes", share),
            )
            for name, value in names:
                with contextlib.suppress(OSError):  # not in every kernel
                    _write(folder / name, value)
        if place == self.delegated.pids:
            # RLIMIT_NPROC says no first, in words that Python knows; it counts by user.
            _write(folder / "pids.max", str(limits.processes + 4))

    def _path(self, what: str, name: str) -> Path:
        place = getattr(self.delegated, what)
        return self._folders[place] / name

    def _read(self, what: str, name: str) -> bytes:
        """A file of the group; its descriptor is kept."""
        if name not in self._open:
            self._open[name] = os.open(self._path(what, name), os.O_RDONLY | os.O_CLOEXEC)
        return os.pread(self._open[name], 8192, 0)

    @property
    def freezes(self) -> bool:
        """Whether the group can be stopped and continued."""
        return "freeze" in self._open

    def freeze(self) -> None:
        """Stop every process and thread; none of them runs in user mode any more."""
        os.pwrite(self._freeze, b"1", 0)

    def thaw(self) -> None:
        """Let them go on, as if nothing had been."""
        os.pwrite(self._freeze, b"0", 0)

    @property
    def counts_cpu(self) -> bool:
        """Whether :meth:`cpu` can be asked."""
        return self.delegated.unified is not None or self.delegated.cpuacct is not None

    def cpu(self) -> float:
        """CPU seconds of all that was ever in the group, no matter which process waited for it."""
        if self.delegated.unified is not None:
            return _number(self._read("unified", "cpu.stat"), b"usage_usec") / 1e6
        return int(self._read("cpuacct", "cpuacct.usage")) / 1e9

    @property
    def bounds_memory(self) -> bool:
        """Whether :meth:`memory` can be asked."""
        return self.delegated.memory is not None

    def memory(self, enough: int = 0) -> int:
        """Bytes that the kernel could not give to others: no copies of files, names of files.

        At or below ``enough`` the sum may be one that includes these, which costs less. Version 1
        does not tell apart what of its own the kernel could give; there it bounds that alone.
        """
        assert self.delegated.memory is not None
        if self.delegated.version(self.delegated.memory) == 2:
            used = int(self._read("memory", "memory.current"))
            if used <= enough:
                return used
            rows = self._read("memory", "memory.stat")
            cache = _number(rows, b"file") - _number(rows, b"shmem")
            return used - max(0, cache) - _number(rows, b"slab_reclaimable")
        used = int(self._read("memory", "memory.usage_in_bytes"))
        if used <= enough:
            return used
        rows = self._read("memory", "memory.stat")
        return _number(rows, b"rss") + _number(rows, b"shmem")

    @property
    def knows_peak(self) -> bool:
        """Whether the kernel keeps the peak of memory (version 2, Linux 5.19)."""
        place = self.delegated.memory
        if place is None or self.delegated.version(place) != 2:
            return False
        return (self._folders[place] / "memory.peak").exists()

    def peaked(self, limit: int) -> bool:
        """Whether :meth:`memory` was above ``limit`` between two looks, beyond doubt.

        The kernel's peak includes copies of files. Those that are there now are taken off; where
        it has ever taken some back, nobody can tell how many there were, and the answer is no.
        """
        if not self.knows_peak or int(self._read("memory", "memory.peak")) <= limit:
            return False
        rows = self._read("memory", "memory.stat")
        if b"\npgsteal 0\n" not in rows:
            return False
        cache = _number(rows, b"file") - _number(rows, b"shmem")
        peak = int(self._read("memory", "memory.peak"))
        return peak - max(0, cache) - _number(rows, b"slab_reclaimable") > limit

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel has killed something of the group for its memory."""
        if self.delegated.memory is None:
            return False
        version = self.delegated.version(self.delegated.memory)
        name = "memory.events" if version == 2 else "memory.oom_control"
        with contextlib.suppress(OSError):
            return _number(self._read("memory", name), b"oom_kill") > 0
        return False

    def remove(self) -> None:
        """Take the group away once its processes have gone."""
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()
        cleanup.remove(self._folders.values())
        self._folders.clear()


def make(pid: int, limits: Limits) -> Group | None:
    """A group with process ``pid`` in it, or None where there can be none."""
    cleanup.sweep_once(os.getpid())
    here = delegation.find()
    for tried in (here, Delegated(here.unified)):  # what bounds may be refused, and the rest not
        if tried.all():
            with contextlib.suppress(OSError):
                return Group(pid, limits, tried)
    return None


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def _number(text: bytes, name: bytes) -> int:
    """The number in the line that begins with ``name``; 0 without one."""
    for line in text.splitlines():
        key, _, value = line.partition(b" ")
        if key == name:
            return int(value)
    return 0
