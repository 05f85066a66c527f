"""What :mod:`.procfs` answers, for systems without /proc (through psutil).

A peak cannot be asked for there: resident memory is sampled every few milliseconds instead,
which may miss a short spike. It errs in the student's favour.
"""

from __future__ import annotations

import contextlib
import threading

import psutil

_SAMPLE_EVERY = 0.002  # seconds
_samplers: dict[int, _Sampler] = {}


def _processes(pid: int) -> list[psutil.Process]:
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.Error:
        return []


def tree(pid: int) -> list[int]:
    """Process ids of ``pid`` and all its living descendants."""
    return [p.pid for p in _processes(pid)] or [pid]


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def tree_anonymous(pid: int) -> tuple[int, int]:
    """Resident memory of the tree in bytes (an upper bound), and how many processes it has."""
    processes = _processes(pid)
    return sum(map(_resident, processes)), len(processes)


def tree_pss(pid: int, *, below: bool = False) -> int:
    """Resident memory of the tree (of its descendants only, if ``below``), in bytes."""
    return sum(map(_resident, _processes(pid)[below:]))


def resident(pid: int) -> int:
    """Resident memory of one process in bytes."""
    return sum(map(_resident, _processes(pid)[:1]))


class _Sampler(threading.Thread):
    """Notes the most memory one process was seen with."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.stop = pid, resident(pid), threading.Event()

    def run(self) -> None:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self.pid)
            while not self.stop.wait(_SAMPLE_EVERY):
                self.peak = max(self.peak, process.memory_info().rss)


def reset_peak(pid: int) -> None:
    """Start to watch for the peak of one process."""
    stop_sampling(pid)
    sampler = _samplers[pid] = _Sampler(pid)
    sampler.start()


def stop_sampling(pid: int) -> None:
    """Stop watching one process."""
    sampler = _samplers.pop(pid, None)
    if sampler is not None:
        sampler.stop.set()
        sampler.join()


def peak_resident(pid: int) -> int:
    """Most resident memory seen since :func:`reset_peak`, in bytes; ends the watch."""
    sampler = _samplers.get(pid)
    peak = max(sampler.peak if sampler else 0, resident(pid))
    stop_sampling(pid)
    return peak


def process_cpu(pid: int) -> float:
    """CPU seconds of one process."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def tree_cpu(pid: int) -> float:
    """CPU seconds used by the tree's living processes."""
    return sum(process_cpu(p) for p in tree(pid))


def cpu_by_process(pid: int) -> dict[int, tuple[float, float]]:
    """For each living process of the tree its CPU seconds, and 0 for children that ended."""
    return {process: (process_cpu(process), 0.0) for process in tree(pid)}


def tree_delay(pid: int, used: float) -> float:
    """0: how long a thread waited for a core is not told here."""
    return 0.0


def main_delay(pid: int) -> float:
    """0: how long a thread waited for a core is not told here."""
    return 0.0


def kill_tree(pid: int) -> None:
    """Kill a process and all its living descendants."""
    for process in reversed(_processes(pid)):
        with contextlib.suppress(psutil.Error):
            process.kill()
