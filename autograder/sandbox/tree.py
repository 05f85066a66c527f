"""A worker and its descendants, seen from outside through /proc (Linux).

Where there is no /proc (macOS, Windows) the same questions go to psutil: see ``elsewhere``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_MOST_PROCESSES = 4096


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    except (OSError, ValueError):
        pass
    return found


def tree(pid: int) -> list[int]:
    """Process ids of ``pid`` and all its living descendants."""
    found: list[int] = []
    pending = [pid]
    while pending and len(found) < _MOST_PROCESSES:
        current = pending.pop()
        found.append(current)
        pending += _children(current)
    return found


def _field(path: str, names: tuple[bytes, ...]) -> int:
    """Sum of the named ``kB`` lines of a /proc file, in bytes; 0 when the process is gone."""
    try:
        with open(path, "rb") as file:
            lines = file.read().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(names))


def tree_anonymous(pid: int) -> tuple[int, int]:
    """Anonymous and shared-memory pages of the tree in bytes (cheap, an upper bound), and
    how many processes it has."""
    pids = tree(pid)
    names = (b"RssAnon:", b"RssShmem:")
    return sum(_field(f"/proc/{p}/status", names) for p in pids), len(pids)


def tree_pss(pid: int, *, below: bool = False) -> int:
    """Proportional set size of the tree (of its descendants only, if ``below``) without file
    pages, in bytes."""
    names = (b"Pss_Anon:", b"Pss_Shmem:")
    return sum(_field(f"/proc/{p}/smaps_rollup", names) for p in tree(pid)[below:])


def resident(pid: int) -> int:
    """Resident memory of one process in bytes."""
    return _field(f"/proc/{pid}/status", (b"VmRSS:",))


def peak_resident(pid: int) -> int:
    """Most resident memory of one process since :func:`reset_peak`, in bytes."""
    return _field(f"/proc/{pid}/status", (b"VmHWM:",))


def reset_peak(pid: int) -> None:
    """Start a new high-water mark (``/proc/PID/clear_refs``, value 5, see proc(5))."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def tree_cpu(pid: int) -> float:
    """CPU seconds used by the tree: living processes and the children they waited for."""
    return sum(process_cpu(p) for p in tree(pid))


def _times(pid: int) -> list[float]:
    """utime, stime, cutime and cstime of ``/proc/PID/stat`` in seconds; empty when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return [int(field) / _TICKS for field in stat.rpartition(")")[2].split()[11:15]]


def process_cpu(pid: int) -> float:
    """CPU seconds of one process and its waited-for children."""
    return sum(_times(pid))


def _delays(pid: int) -> list[int]:
    """Nanoseconds for which each thread was ready to run while no core was free for it (the second
    number of ``/proc/PID/task/TID/schedstat``); empty where the kernel does not count them."""
    found = []
    with contextlib.suppress(OSError, ValueError, IndexError):
        for task in os.listdir(f"/proc/{pid}/task"):
            found.append(int(Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[1]))
    return found


def tree_delay(pid: int) -> float:
    """Seconds for which the thread of the tree that waited longest for a core has waited."""
    return max((delay for p in tree(pid) for delay in _delays(p)), default=0) / 1e9


def cpu_by_process(pid: int) -> dict[int, tuple[float, float]]:
    """For each process of the tree the seconds that it has run itself, threads that have ended
    included (to the nanosecond), and those of the children it has waited for (to a tick)."""
    found = {}
    for process in tree(pid):
        with contextlib.suppress(OSError):
            own = time.clock_gettime((~process << 3) | 2)  # as clock_getcpuclockid(3) makes it
            found[process] = own, sum(_times(process)[2:])
    return found


def main_delay(pid: int) -> float:
    """Seconds for which the main thread of ``pid`` was ready to run and had no core.

    What other threads wait for is their own making: any number of them can be started to wait.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[1]) / 1e9
    return 0.0


def kill_tree(pid: int) -> None:
    """Kill a process that leads a group, the group, and all its living descendants."""
    below = tree(pid)
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    for each in below:
        with contextlib.suppress(OSError):
            os.kill(each, signal.SIGKILL)


if not Path("/proc/self/status").exists():
    from autograder.sandbox.elsewhere import (  # noqa: F401
        cpu_by_process,
        kill_tree,
        main_delay,
        peak_resident,
        process_cpu,
        reset_peak,
        resident,
        tree,
        tree_anonymous,
        tree_cpu,
        tree_delay,
        tree_pss,
    )
