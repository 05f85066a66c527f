"""Looking at processes of others as root without CAP_SYS_PTRACE, as in a plain container.

There the kernel shows the maps and descriptors of a process to its own user only. Root may become
that user for the files that one thread opens (setfsuid(2)).
"""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


def looked(path: str, look: Callable[[str], T]) -> T:
    """``look(path)`` of a path below ``/proc/PID``; where that is refused, as that process's user.

    ``PermissionError`` where it is refused to that user, too, and to everyone but root.
    """
    try:
        return look(path)
    except PermissionError:
        if not hasattr(os, "geteuid") or os.geteuid() != 0:
            raise
        owner = Path(*Path(path).parts[:3]).stat()
        asked = _thread(os.getpid()).submit(_as_user, owner.st_uid, owner.st_gid, look, path)
        return asked.result()


@functools.cache
def _thread(pid: int) -> ThreadPoolExecutor:
    """Of process ``pid``, this one. A thread of its own: no Python signal handler runs in it, and
    no other thread changes its user."""
    return ThreadPoolExecutor(1)


def _as_user(uid: int, gid: int, look: Callable[[str], T], path: str) -> T:
    libc = ctypes.CDLL(None)
    libc.setfsgid(gid)
    libc.setfsuid(uid)
    try:
        return look(path)
    finally:
        libc.setfsuid(0)
        libc.setfsgid(0)
