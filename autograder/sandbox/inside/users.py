"""The end of a worker's user: every process of it, and what it left in shared memory.

For the walls of a container, where no namespace ends with a worker. Run as root, by the judge and,
where that has died, by the zygote.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import signal
import struct
import threading
import time
from pathlib import Path

SHARED_MEMORY = "/dev/shm"

_SETRESUID = {"x86_64": 117, "aarch64": 147}
_CAPGET = {"x86_64": 125, "aarch64": 90}
_PATIENCE = 5.0  # seconds for killed processes to go


class NotEnded(Exception):
    """Processes of a user could not be ended."""


def end(uid: int, helper: int) -> None:
    """End every process of user ``uid``, then remove its shared memory.

    ``helper`` is a user id that nobody else has. The kernel sends one signal to all at once:
    however fast they fork, none is missed. The sender must not be root, who reaches everybody; as
    a real user of its own, none of those that it ends can signal it first.
    """
    problem: list[str] = []
    # A thread of its own: user ids are those of a thread, and no Python signal handler runs in it.
    thread = threading.Thread(target=_kill_all, args=(uid, helper, problem))
    thread.start()
    thread.join()
    if problem:
        raise NotEnded(problem[0])
    deadline = time.monotonic() + _PATIENCE
    while present(uid) and time.monotonic() < deadline:
        time.sleep(0.002)
    remove_shared_memory(uid)


def _kill_all(uid: int, helper: int, problem: list[str]) -> None:
    machine = platform.machine()
    libc = ctypes.CDLL(None, use_errno=True)
    setresuid = ctypes.c_long(_SETRESUID[machine])
    if uid <= 0 or helper <= 0:
        problem.append(f"user {uid} is not a worker's")
        return
    if libc.syscall(setresuid, helper, uid, 0) != 0:
        problem.append(f"setresuid: {os.strerror(ctypes.get_errno())}")
        return
    try:
        if _capable(libc, _CAPGET[machine]):
            problem.append("root keeps its capabilities when it changes its user (securebits)")
        else:
            libc.kill(-1, signal.SIGKILL)
    finally:
        if libc.syscall(setresuid, 0, 0, 0) != 0:
            os._exit(70)  # half changed, and safe as neither user


def _capable(libc: ctypes.CDLL, capget: int) -> bool:
    """Whether this thread has any capability in effect."""
    header = struct.pack("Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this thread
    data = ctypes.create_string_buffer(24)
    if libc.syscall(ctypes.c_long(capget), header, data) != 0:
        return True
    effective = struct.unpack("6I", data.raw)[0::3]
    return any(effective)


def present(uid: int) -> list[int]:
    """Process ids of a user that have not ended."""
    found = []
    with os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if entry.stat().st_uid == uid and not _ended(entry.name):
                        found.append(int(entry.name))
    return found


def _ended(name: str) -> bool:
    with open(f"/proc/{name}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()[0] in (b"Z", b"X")


def shared_memory(uid: int) -> list[tuple[str, int]]:
    """Path and bytes of each file that a user has in shared memory."""
    found = []
    with contextlib.suppress(OSError), os.scandir(SHARED_MEMORY) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                facts = entry.stat(follow_symlinks=False)
                if facts.st_uid == uid:
                    found.append((entry.path, facts.st_blocks * 512))
    return found


def remove_shared_memory(uid: int) -> None:
    """Unlink what :func:`shared_memory` finds; Landlock lets no worker make folders there."""
    for path, _ in shared_memory(uid):
        with contextlib.suppress(OSError):
            Path(path).unlink()
