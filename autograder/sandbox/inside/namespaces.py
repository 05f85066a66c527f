"""Namespaces and mounts of one worker, set up by the worker itself (inside the sandbox)."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Sequence
from pathlib import Path

NEWNS, NEWUTS, NEWIPC = 0x00020000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000

STUDENT_UID = 1000
"""User and group id that a submission sees itself running as."""

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT = 1, 2, 4, 8, 32
_MS_BIND, _MS_REC, _MS_PRIVATE = 4096, 16384, 1 << 18

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """``unshare(2)``; ``OSError`` where the kernel refuses."""
    _check(_libc.unshare(flags), "unshare")


def map_own_ids(outside_uid: int, outside_gid: int) -> None:
    """Map the one user of a fresh user namespace to itself under :data:`STUDENT_UID`."""
    _tell("/proc/self/setgroups", "deny")
    _tell("/proc/self/uid_map", f"{STUDENT_UID} {outside_uid} 1")
    _tell("/proc/self/gid_map", f"{STUDENT_UID} {outside_gid} 1")


def _tell(path: str, text: str) -> None:
    """Write to a file of /proc; bare, since a text file's layers touch pages not yet copied."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


def enter_user_namespace() -> None:
    """A user namespace of one's own, and with it the right to make the other kinds."""
    uid, gid = os.geteuid(), os.getegid()
    unshare(NEWUSER)
    map_own_ids(uid, gid)


def return_to(home: int) -> None:
    """Make later forks join the PID namespace ``home`` again (an open ``/proc/self/ns/pid``)."""
    _check(_libc.setns(home, NEWPID), "setns")


def join_network(pidfd: int) -> None:
    """Move into the network namespace of the process behind a pidfd (Linux 5.8)."""
    _check(_libc.setns(pidfd, NEWNET), "setns of a neighbour's network")


def set_dumpable() -> None:
    """After a change of user id a process may not read its own /proc until it says so."""
    _check(_libc.prctl(4, 1, 0, 0, 0), "PR_SET_DUMPABLE")


def mount_scratch(scratch_bytes: int, shm_bytes: int, keep: Sequence[str] = ()) -> None:
    """Private, size-limited /tmp and /dev/shm; the folders in ``keep`` stay visible in them."""
    folders = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in keep]
    _check(_libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None), "mount private")
    for target, size, inodes in ((b"/tmp", scratch_bytes, 16384), (b"/dev/shm", shm_bytes, 4096)):
        options = f"size={size},nr_inodes={inodes},mode=700,uid={STUDENT_UID}".encode()
        flags = _MS_NOSUID | _MS_NODEV
        _check(_libc.mount(b"tmpfs", target, b"tmpfs", flags, options), f"mount {target!r}")
    for path, descriptor in folders:
        Path(path).mkdir(parents=True, exist_ok=True)
        source = f"/proc/self/fd/{descriptor}".encode()
        flags = _MS_BIND | _MS_REC
        _check(_libc.mount(source, path.encode(), None, flags, None), f"mount {path}")
        os.close(descriptor)


def close_proc() -> None:
    """Make /proc read-only: its files would forge memory measurements, and the zygote's own
    belong to the same user."""
    _tell("/proc/self/oom_score_adj", "1000")  # the kernel's first choice, for good
    flags = _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _check(_libc.mount(None, b"/proc", None, flags, None), "mount /proc read-only")


def loopback_up() -> None:
    """Bring up ``lo`` in a fresh network namespace; there is no other interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("16sH14x", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(probe, 0x8914, request)  # SIOCSIFFLAGS


def drop_capabilities() -> None:
    """Give up every capability that the new user namespace brought."""
    for capability in range(64):
        if _libc.prctl(24, capability, 0, 0, 0) != 0:  # PR_CAPBSET_DROP
            break
    header = struct.pack("Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    _check(_libc.capset(header, bytes(24)), "capset")
    _libc.prctl(47, 4, 0, 0, 0)  # PR_CAP_AMBIENT_CLEAR_ALL
