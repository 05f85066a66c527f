"""A worker and its descendants, seen from outside through /proc (Linux).

Where there is no /proc (macOS, Windows) the same questions go to :mod:`.psutil_`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from autograder.sandbox.processes.owner import looked

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_MOST_PROCESSES = 4096
_AT_ONCE = 1 << 16  # bytes

counted: dict[int, Callable[[], float]] = {}
"""How to ask for the CPU seconds of a worker's tree, by its process id, where something counts them
that misses nothing."""


def content(path: str) -> bytes:
    """All of a file of /proc; the shortest way, for what is read hundreds of times a second."""
    descriptor = looked(path, _opened)
    try:
        parts = [os.read(descriptor, _AT_ONCE)]
        while parts[-1]:
            parts.append(os.read(descriptor, _AT_ONCE))
    finally:
        os.close(descriptor)
    return b"".join(parts)


def _opened(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def children(pid: int) -> list[int]:
    """Process ids of the living children of ``pid``."""
    pids: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            pids += map(int, content(f"/proc/{pid}/task/{task}/children").split())
    except (OSError, ValueError):
        pass
    return pids


def tree(pid: int) -> list[int]:
    """Process ids of ``pid`` and all its living descendants."""
    pids: list[int] = []
    pending = [pid]
    while pending and len(pids) < _MOST_PROCESSES:
        current = pending.pop()
        pids.append(current)
        pending += children(current)
    return pids


def _field(path: str, names: tuple[bytes, ...]) -> int:
    """Sum of the named ``kB`` lines of a /proc file, in bytes; 0 when the process is gone."""
    try:
        lines = content(path).splitlines()
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
    """Start a new high-water mark (``/proc/PID/clear_refs``, value 5, see proc(5)).

    A process that hides from this (one that runs a program it may not read) keeps its old one.
    """
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def tree_cpu(pid: int) -> float:
    """CPU seconds used by the tree: all that it ever started where a control group counts it,
    otherwise its living processes and the children they waited for."""
    if pid in counted:
        return counted[pid]()
    return sum(process_cpu(p) for p in tree(pid))


def stat(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` from the state on (proc(5) counts it as 3); empty when the
    process is gone."""
    return _stat(f"/proc/{pid}/stat")


def _stat(path: str) -> list[str]:
    # Before the last bracket stands a name that the process may choose, of any bytes.
    try:
        return content(path).rpartition(b")")[2].decode().split()
    except OSError:
        return []


def seconds(ticks: list[str]) -> float:
    """Fields of a row of :func:`stat` that count ticks, together: utime, stime, cutime and cstime
    are 11 to 14."""
    return sum(map(int, ticks)) / _TICKS


def process_cpu(pid: int) -> float:
    """CPU seconds of one process and its waited-for children."""
    return seconds(stat(pid)[11:15])


def _thread(task: str) -> tuple[float, float]:
    """Seconds that a thread has run, and for which it was ready and had no core.

    The first two numbers of its ``schedstat``, in nanoseconds. Nothing is said of a thread that
    has chosen to wait more than this process does (nice, SCHED_IDLE, SCHED_BATCH), nor where the
    kernel does not count.
    """
    usual = [str(os.getpriority(os.PRIO_PROCESS, 0)), str(os.sched_getscheduler(0))]
    try:
        row = _stat(f"{task}/stat")
        if [row[16], row[38]] != usual:
            return 0.0, 0.0
        run, delay, _ = Path(task, "schedstat").read_text().split()
    except (OSError, ValueError, IndexError):
        return 0.0, 0.0
    return int(run) / 1e9, int(delay) / 1e9


def tree_delay(pid: int, used: float) -> float:
    """Seconds for which the machine kept the tree waiting for a core, given the CPU seconds that
    it has used.

    Of the thread that waited longest, less what the rest of the tree has run: nobody gains by
    being in one's own way.
    """
    threads = []
    for process in tree(pid):
        with contextlib.suppress(OSError):
            names = os.listdir(f"/proc/{process}/task")
            threads += [_thread(f"/proc/{process}/task/{name}") for name in names]
    if not threads:
        return 0.0
    run, delay = max(threads, key=lambda thread: thread[1])
    return max(0.0, delay - max(0.0, used - run))


def cpu_by_process(pid: int) -> dict[int, tuple[float, float]]:
    """For each process of the tree the seconds that it has run itself, threads that have ended
    included (to the nanosecond), and those of the children it has waited for (to a tick).

    A control group counts all of them together, whether or not anybody waited for them.
    """
    if pid in counted:
        return {pid: (counted[pid](), 0.0)}
    by_process = {}
    for process in tree(pid):
        with contextlib.suppress(OSError):
            own = time.clock_gettime((~process << 3) | 2)  # as clock_getcpuclockid(3) makes it
            by_process[process] = own, seconds(stat(process)[13:15])
    return by_process


def main_delay(pid: int) -> float:
    """Seconds for which the main thread of ``pid`` was ready to run and had no core.

    What other threads wait for is their own making: any number of them can be started to wait.
    """
    return _thread(f"/proc/{pid}/task/{pid}")[1]


def kill_tree(pid: int) -> None:
    """Kill a process that leads a group, the group, and all its living descendants."""
    below = tree(pid)
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)
    for each in below:
        with contextlib.suppress(OSError):
            os.kill(each, signal.SIGKILL)
