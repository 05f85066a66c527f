"""Locks by file, in folders where other users may write, or hold what is ours.

A lock counts for processes of one user on one machine; it goes with the process that holds it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

TIMING_WAIT = 120.0
"""Seconds until a measurement goes on beside another one; its test allows for noise."""

_POLL = 0.05  # seconds


def open_lock(path: Path, mode: int = 0o600) -> int:
    """A descriptor of the lock file at ``path``, created if missing. The caller closes it.

    Follows no link and waits for no pipe; ``OSError`` for what is not a regular file.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags, mode)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return descriptor


def own_folder() -> Path:
    """A folder that nobody else can enter; ``OSError`` if it cannot be created."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and _is_own(Path(runtime)):
        return Path(runtime)
    folder = Path(tempfile.gettempdir(), f"kata-timing-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    if not _is_own(folder):
        raise OSError(errno.EPERM, "it is not a folder of this user alone", str(folder))
    return folder


def _is_own(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except (OSError, ValueError):
        return False
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    return private and status.st_uid == os.getuid() and os.access(folder, os.W_OK | os.X_OK)


@contextlib.contextmanager
def timing(wait: float = TIMING_WAIT) -> Iterator[bool]:
    """Held by one measurement of a user at a time; whether it is, after ``wait`` seconds."""
    try:
        descriptor = open_lock(own_folder() / "kata-timing.lock")
    except (AttributeError, OSError):  # Windows, which grades nothing beside; or not ours alone
        yield False
        return
    try:
        yield _taken(descriptor, wait)
    finally:
        os.close(descriptor)


def _taken(descriptor: int, wait: float) -> bool:
    import fcntl

    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL)
        except OSError:  # a file system without locks
            return False
