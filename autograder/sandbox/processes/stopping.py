"""Stop a tree of processes by signals, where no control group can freeze it (Linux)."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from autograder.sandbox.processes.procfs import children, stat, tree

_PATIENCE = 10.0  # seconds for all of a tree to stop on a busy machine
_AGAIN = 0.0005


class NotStopped(Exception):
    """Something of the tree runs on."""


def stop(pid: int) -> list[int]:
    """Stop a process and all its descendants; returns whom :func:`go_on` is to wake.

    A process with one thread and no child that sleeps runs no more once the signal is on its way
    (one that runs may be about to fork). Others may start new ones or wake each other until the
    last has stopped, and are looked at again.
    """
    _signal(pid, signal.SIGSTOP)
    if _state(pid) in "STtZX" and _alone(pid):
        return [pid]
    deadline = time.monotonic() + _PATIENCE
    seen: list[int] = []
    while True:
        before, seen = seen, tree(pid)
        running = [p for p in seen if _state(p) not in "TtZX"]
        if not running and seen == before:
            return seen
        if time.monotonic() > deadline:
            raise NotStopped
        for process in running:
            _signal(process, signal.SIGSTOP)
        if running:
            time.sleep(_AGAIN)


def go_on(pids: list[int]) -> None:
    """Wake the stopped, children first: the one that answers wakes last and finds them awake."""
    for pid in reversed(pids):
        _signal(pid, signal.SIGCONT)


def _alone(pid: int) -> bool:
    try:
        return len(os.listdir(f"/proc/{pid}/task")) == 1 and not children(pid)
    except OSError:
        return True


def _state(pid: int) -> str:
    """The letter of /proc/PID/stat; X for a process that has gone."""
    row = stat(pid)
    return row[0] if row else "X"


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, number)
