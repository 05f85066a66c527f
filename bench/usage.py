"""Wall time, CPU time and peak memory of a command and everything that it starts."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import environment as shell
from autograder.sandbox.processes import tree

_LEAST_PAUSE = 0.2
_PAUSE_FACTOR = 15  # a look at the memory costs the machine at most a fifteenth of one core


@dataclass(frozen=True, slots=True)
class Usage:
    """``wall`` and ``cpu`` in seconds, ``peak`` in bytes.

    ``cpu`` is the resource usage of the command with all waited-for descendants (wait4), so
    it is complete only where every process is waited for, as the sandbox does. ``peak`` is
    the largest sampled sum of proportional set sizes (PSS) of the tree.
    """

    wall: float
    cpu: float
    peak: int


class CommandFailed(Exception):
    """A contender ended with an unexpected exit code; the message holds the end of its log."""


def pss(pid: int) -> int:
    """Proportional set size of one process in bytes; 0 when it is gone or out of reach."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class Sampler(threading.Thread):
    """Keeps the largest sum of PSS over the tree of ``pid`` until it is stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak = pid, 0
        self._stop_asked = threading.Event()

    def run(self) -> None:
        pause = 0.05
        while not self._stop_asked.wait(pause):
            began = time.perf_counter()
            self.peak = max(self.peak, self.look())
            pause = max(_LEAST_PAUSE, _PAUSE_FACTOR * (time.perf_counter() - began))

    def look(self) -> int:
        """The present sum in bytes."""
        return sum(map(pss, tree(self.pid)))

    def stop(self) -> int:
        """End; returns the peak."""
        self._stop_asked.set()
        self.join()
        return self.peak


def measured(
    command: Sequence[str],
    *,
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    accept: Sequence[int] = (0,),
    sampler: type[Sampler] = Sampler,
) -> Usage:
    """Run ``command`` to its end; :class:`CommandFailed` for an exit code not in ``accept``."""
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        watch = sampler(process.pid)
        watch.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            peak = watch.stop()
        wall = time.perf_counter() - began
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if code not in accept:
        tail = log.read_text(errors="replace")[-1500:]
        raise CommandFailed(f"{' '.join(command)[:200]} ended with {code}:\n{tail}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, peak)


def environment() -> dict[str, str]:
    """The same environment for every contender: one math thread, as in the sandbox, and modules
    that are compiled once, as everywhere but in some containers."""
    values = shell.helper() | {"PYTHONHASHSEED": "0", "COLUMNS": "100"}
    values.pop("PYTHONDONTWRITEBYTECODE", None)
    return values
