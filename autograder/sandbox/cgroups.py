"""A control group for each worker, where this machine lets us make one (Linux).

It bounds memory (anonymous, shared, socket buffers, the kernel's own) and processes for all that
a worker starts, counts the CPU time of what has ended unnoticed, and stops the whole tree at once.
Both versions of the kernel's interface are used as they are found: see cgroups(7). What one of
them does not offer is looked at from outside instead (:mod:`autograder.sandbox.bounds`).
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import itertools
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.machine import hierarchies
from autograder.sandbox.inside.limits import Limits, MiB
from autograder.sandbox.processes.procfs import stat

_PREFIX = "kata"
_TCP_SHARE = 4  # a quarter of the memory may be socket buffers (version 1 counts them apart)
_numbers = itertools.count(1)
_left: set[Path] = set()  # folders whose last process had not quite gone


@dataclass(frozen=True, slots=True)
class Places:
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
def places() -> Places:
    """What this process may make; looked at once."""
    found: dict[str, Path] = {}
    unified, bounds = None, False
    with contextlib.suppress(OSError, ValueError):
        for controllers, mount, own in hierarchies():
            if not controllers:
                unified, bounds = _unified(mount, own)
                continue
            for name in controllers & {"memory", "pids", "cpuacct"}:
                if _writable(own):
                    found[name] = own
    if unified is not None and bounds:
        return Places(unified, unified, unified)
    accounting = found.get("cpuacct") if unified is None else None
    return Places(unified, found.get("memory"), found.get("pids"), accounting)


class Group:
    """The control group of one worker."""

    def __init__(self, pid: int, limits: Limits, places: Places) -> None:
        """Make it and move process ``pid`` into it; ``OSError`` where that is refused."""
        self.places = places
        name = f"{_PREFIX}-{_namespace()}-{_judge(os.getpid())}-{next(_numbers)}"
        self._folders: dict[Path, Path] = {}
        self._open: dict[str, int] = {}
        try:
            for place in places.all():
                folder = place / name
                folder.mkdir()
                self._folders[place] = folder
                self._bound(place, folder, limits)
                _write(folder / "cgroup.procs", str(pid))
            if places.unified is not None:
                self._freeze = os.open(self._path("unified", "cgroup.freeze"), os.O_WRONLY)
                self._open["freeze"] = self._freeze
        except OSError:
            self.remove()
            raise

    def _bound(self, place: Path, folder: Path, limits: Limits) -> None:
        # The judge's own look decides at the limit; the kernel's, above, is for what is faster.
        most = str(limits.memory + limits.memory // 8 + 32 * MiB)
        if place == self.places.memory and self.places.version(place) == 2:
            _write(folder / "memory.max", most)
            for name, value in (("memory.swap.max", "0"), ("memory.oom.group", "1")):
                with contextlib.suppress(OSError):  # without swap, or Linux before 4.19
                    _write(folder / name, value)
        elif place == self.places.memory:
            _write(folder / "memory.limit_in_bytes", most)
            share = str(max(limits.memory // _TCP_SHARE, 16 * MiB))
            names = (
                ("memory.memsw.limit_in_bytes", most),
                ("memory.kmem.tcp.limit_in_bytes", share),
            )
            for name, value in names:
                with contextlib.suppress(OSError):  # not in every kernel
                    _write(folder / name, value)
        if place == self.places.pids:
            # RLIMIT_NPROC says no first, in words that Python knows; it counts by user.
            _write(folder / "pids.max", str(limits.processes + 4))

    def _path(self, what: str, name: str) -> Path:
        place = getattr(self.places, what)
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
        return self.places.unified is not None or self.places.cpuacct is not None

    def cpu(self) -> float:
        """CPU seconds of all that was ever in the group, whoever waited for it."""
        if self.places.unified is not None:
            return _number(self._read("unified", "cpu.stat"), b"usage_usec") / 1e6
        return int(self._read("cpuacct", "cpuacct.usage")) / 1e9

    @property
    def bounds_memory(self) -> bool:
        """Whether :meth:`memory` can be asked."""
        return self.places.memory is not None

    def memory(self, enough: int = 0) -> int:
        """Bytes that the kernel could not give to others: no copies of files, names of files.

        At or below ``enough`` the sum may be one that includes these, which costs less. Version 1
        does not tell apart what of its own the kernel could give; there it bounds that alone.
        """
        assert self.places.memory is not None
        if self.places.version(self.places.memory) == 2:
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

    def ran_out_of_memory(self) -> bool:
        """Whether the kernel has killed something of the group for its memory."""
        if self.places.memory is None:
            return False
        version = self.places.version(self.places.memory)
        name = "memory.events" if version == 2 else "memory.oom_control"
        with contextlib.suppress(OSError):
            return _number(self._read("memory", name), b"oom_kill") > 0
        return False

    def remove(self) -> None:
        """Take the group away once its processes have gone."""
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()
        _left.update(self._folders.values())
        self._folders.clear()
        remove_left()


def make(pid: int, limits: Limits) -> Group | None:
    """A group with process ``pid`` in it, or None where there can be none."""
    _sweep_once(os.getpid())
    here = places()
    for tried in (here, Places(here.unified)):  # what bounds may be refused, and the rest not
        if tried.all():
            with contextlib.suppress(OSError):
                return Group(pid, limits, tried)
    return None


def remove_left() -> None:
    """Take away groups that were not empty when their time had come."""
    for folder in list(_left):
        with contextlib.suppress(FileNotFoundError):
            try:
                folder.rmdir()
            except OSError:
                continue
        _left.discard(folder)


def sweep_all(patience: float = 2.0) -> None:
    """:func:`sweep`, and wait up to ``patience`` seconds for what is still ending in there."""
    deadline = time.monotonic() + patience
    sweep()
    while _left and time.monotonic() < deadline:
        time.sleep(0.02)
        sweep()


def sweep() -> None:
    """Take away what judges that were killed have left, and end what still runs in it."""
    for place in places().all():
        for folder in place.glob(f"{_PREFIX}-{_namespace()}-*"):
            try:
                pid, started = map(int, folder.name.split("-")[2:4])
            except ValueError:
                continue
            if _started(pid) == started:
                continue
            with contextlib.suppress(OSError):
                for line in (folder / "cgroup.procs").read_text().split():
                    os.kill(int(line), signal.SIGKILL)
            _left.add(folder)
    remove_left()


@functools.cache
def _sweep_once(pid: int) -> None:
    """For each process once, forks included."""
    sweep()
    atexit.register(remove_left)


@functools.cache
def _namespace() -> int:
    """Of process ids: those of another one mean nothing here."""
    return Path("/proc/self/ns/pid").stat().st_ino


@functools.cache
def _judge(pid: int) -> str:
    """The part of a group's name that says whose it is."""
    return f"{pid}-{_started(pid)}"


def _started(pid: int) -> int:
    """When a process started, in ticks since boot; 0 when it is not there."""
    row = stat(pid)
    return int(row[19]) if row and row[0] not in "ZX" else 0


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
