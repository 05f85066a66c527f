"""Whose a control group is, and its end: nothing stays of a judge, even of one that was killed.

A group can be removed once its last process has gone. It is named for the judge that made it, so
that another judge can tell whether that one still runs.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import itertools
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.cgroups import delegation
from autograder.sandbox.processes.procfs import stat

_PREFIX = "kata"
_numbers = itertools.count(1)
_left: set[Path] = set()  # folders whose last process had not quite gone


def new_name() -> str:
    """A name for the next group of this judge."""
    return f"{_PREFIX}-{_namespace()}-{_judge(os.getpid())}-{next(_numbers)}"


def remove(folders: Iterable[Path]) -> None:
    """Take groups away, now or once their processes have gone."""
    _left.update(folders)
    remove_left()


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
    for place in delegation.find().all():
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
def sweep_once(pid: int) -> None:
    """:func:`sweep` for process ``pid``, this one: forks have their own turn."""
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
