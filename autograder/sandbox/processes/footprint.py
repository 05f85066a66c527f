"""What memory a worker holds, in the places where it can lie; read by the judge through /proc.

Resident pages are not all of it: a child holds some of its own, and a shared mapping keeps its
pages after the process has let go of them (``madvise``), as does a file below /dev/shm.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import processes
from autograder.sandbox.processes import procfs

_LOOK_EVERY = 0.005  # seconds; filling ten megabytes takes about that long
_MAPS_EVERY = 5  # looks; a process with torch in it has some 1 500 mappings
_MOST_CHILDREN = 64
_LIBRARY = re.compile(rb"/[^/]+\.so(\.[0-9]+)*$")


@dataclass(frozen=True, slots=True)
class Levels:
    """Memory of one process in bytes, by kind (see proc(5), ``/proc/PID/status``)."""

    anonymous: int
    file: int
    shared: int
    swapped: int

    @property
    def resident(self) -> int:
        """What ``VmRSS`` says."""
        return self.anonymous + self.file + self.shared

    @property
    def own(self) -> int:
        """Without the pages of mapped files, with what was swapped out."""
        return self.anonymous + self.shared + self.swapped


_KINDS = (b"RssAnon:", b"RssFile:", b"RssShmem:", b"VmSwap:")


def _fields(path: str, names: tuple[bytes, ...]) -> list[int]:
    """The ``kB`` lines called ``names``, in bytes; 0 for those that are missing."""
    values = [0] * len(names)
    with contextlib.suppress(OSError, ValueError):
        text = b"\n" + procfs.content(path)
        for place, name in enumerate(names):
            if (start := text.find(b"\n" + name)) >= 0:
                start += 1 + len(name)
                values[place] = int(text[start : text.index(b"kB", start)]) * 1024
    return values


def levels(pid: int) -> Levels:
    """What a process holds now; where the kernel names no kinds, all of it is anonymous."""
    kinds = _fields(f"/proc/{pid}/status", _KINDS)
    return Levels(*kinds) if any(kinds) else Levels(processes.resident(pid), 0, 0, 0)


def inherited(pid: int) -> int:
    """Bytes of memory that a fork still shares with its parent.

    Only ever less: what is written to becomes the fork's own, what is given back is gone.
    """
    return _fields(f"/proc/{pid}/smaps_rollup", (b"Shared_Dirty:",))[0]


def libraries(pid: int) -> int:
    """Resident bytes of code and constants of shared libraries (``*.so``) that a process maps.

    A page comes in when it is first used, by any process; no data of a submission lies there:
    in the sandbox libraries are read-only, and what it can write to is not of this kind (tmpfs).
    """
    total = resident = 0
    library = False
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in procfs.content(f"/proc/{pid}/smaps").splitlines():
            name, _, rest = line.partition(b":")
            if name == b"Rss":
                resident = int(rest.split()[0]) * 1024
            elif name == b"Anonymous" and library:
                total += resident - int(rest.split()[0]) * 1024
            elif b"-" in name and b" " in name:  # the first line of a mapping
                library = _LIBRARY.search(line) is not None
    return total


def _below(pid: int, own: int) -> int:
    """Bytes that the descendants of ``pid`` hold and it does not; ``own`` is its own level."""
    private = shared = 0
    names = (b"Private_Dirty:", b"Private_Clean:", b"Shared_Dirty:", b"Swap:")
    for child in processes.tree(pid)[1 : _MOST_CHILDREN + 1]:
        dirty, clean, common, swapped = _fields(f"/proc/{child}/smaps_rollup", names)
        private += dirty + clean + swapped
        # What two children share and their parent has given back is nobody's private memory.
        shared = max(shared, common - own)
    return private + shared


def _shared_files(pid: int) -> int:
    """Bytes in /dev/shm as the worker sees it; 0 where that is not its own."""
    place = f"/proc/{pid}/root/dev/shm"
    with contextlib.suppress(OSError):
        if Path(place).stat().st_dev != Path("/dev/shm").stat().st_dev:
            filesystem = os.statvfs(place)
            return (filesystem.f_blocks - filesystem.f_bfree) * filesystem.f_frsize
    return 0


def _shared_mappings(pid: int) -> int:
    """Bytes of address space in anonymous shared mappings, resident or not."""
    size = 0
    with contextlib.suppress(OSError, ValueError):
        text = procfs.content(f"/proc/{pid}/maps")
        for line in text.splitlines() if b"/dev/zero (deleted)\n" in text else ():
            if line.endswith(b"/dev/zero (deleted)"):
                first, _, last = line.split(None, 1)[0].partition(b"-")
                size += int(last, 16) - int(first, 16)
    return size


class Watch(threading.Thread):
    """Looks at a worker every few milliseconds while one request is answered.

    The kernel keeps the peak of a process (``VmHWM``); this notes what that misses: what is
    held elsewhere (``elsewhere``, most bytes), and the lowest level of each kind meanwhile.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self._stop_it = pid, threading.Event()
        self.before = self.lowest = levels(pid)
        self.inherited, self.libraries = inherited(pid), libraries(pid)
        self.most_own = self.elsewhere = 0
        self._mapped = 0

    def run(self) -> None:
        number = 0
        while not self._stop_it.wait(_LOOK_EVERY):
            self._look(number % _MAPS_EVERY == 0)
            number += 1

    def _look(self, maps: bool) -> None:
        now = levels(self.pid)
        if not now.resident:
            return  # it is gone
        low = self.lowest
        self.lowest = Levels(
            min(low.anonymous, now.anonymous),
            min(low.file, now.file),
            min(low.shared, now.shared),
            low.swapped,
        )
        self.most_own = max(self.most_own, now.own)
        if maps:
            self._mapped = _shared_mappings(self.pid)
        unmapped = max(0, self._mapped + _shared_files(self.pid) - now.shared)
        self.elsewhere = max(self.elsewhere, unmapped + _below(self.pid, now.own))

    def end(self) -> None:
        """Look for the last time."""
        self._stop_it.set()
        if self.is_alive():
            self.join()
        self._look(maps=True)

    @property
    def given_back(self) -> int:
        """Bytes that were there before the request and not throughout it."""
        low, before = self.lowest, self.before
        dips = (
            before.anonymous - low.anonymous,
            before.file - low.file,
            before.shared - low.shared,
        )
        return max(sum(max(0, dip) for dip in dips), self.inherited - inherited(self.pid))
