"""Landlock: which files a process and its descendants may open, by the kernel (Linux 5.13).

A process without any privilege gives up every access to files that no rule grants, for good; see
landlock(7). The kernel's version of the interface (its *ABI*) says which kinds of access it knows.
Those that it does not know cannot be refused and must not be named.

Landlock does not refuse to show the names, sizes and owners of files (``stat``).
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import stat
import struct
from collections.abc import Callable, Iterable
from enum import IntFlag, StrEnum
from typing import TypeAlias

Call: TypeAlias = Callable[..., int]
"""A system call: its number and arguments; the result, or minus the error's number."""

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_PATH_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
_O_PATH = 0x200000 if not hasattr(os, "O_PATH") else os.O_PATH


class Access(IntFlag):
    """Kinds of access to files (``LANDLOCK_ACCESS_FS_*``)."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13  # ABI 2, Linux 5.19
    TRUNCATE = 1 << 14  # ABI 3, Linux 6.2
    IOCTL_DEV = 1 << 15  # ABI 5, Linux 6.10


_SINCE = {Access.REFER: 2, Access.TRUNCATE: 3, Access.IOCTL_DEV: 5}
_OF_FILES = (
    Access.EXECUTE | Access.WRITE_FILE | Access.READ_FILE | Access.TRUNCATE | Access.IOCTL_DEV
)
"""What can be granted for anything that is not a folder."""

_SCOPES_SINCE = 6  # Linux 6.12
_SCOPES = 0b11  # LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET, LANDLOCK_SCOPE_SIGNAL


class Grant(StrEnum):
    """What a rule grants beneath a path."""

    READ = "read"
    """Read, list and run."""
    LIST = "list"
    """List folders, and nothing in them."""
    LOOK = "look"
    """Read and list, and run nothing."""
    USE = "use"
    """Read from devices and write to them."""
    SHARE = "share"
    """Make, read, write and remove files: shared memory."""
    OWN = "own"
    """Everything but device files."""


_ACCESS = {
    Grant.READ: Access.EXECUTE | Access.READ_FILE | Access.READ_DIR,
    Grant.LIST: Access.READ_DIR,
    Grant.LOOK: Access.READ_FILE | Access.READ_DIR,
    Grant.USE: Access.READ_FILE | Access.READ_DIR | Access.WRITE_FILE | Access.IOCTL_DEV,
    Grant.SHARE: Access.READ_FILE
    | Access.READ_DIR
    | Access.WRITE_FILE
    | Access.TRUNCATE
    | Access.MAKE_REG
    | Access.REMOVE_FILE,
    Grant.OWN: Access((1 << 15) - 1) & ~(Access.MAKE_CHAR | Access.MAKE_BLOCK),
}

# Whole numbers, for what each worker does: an enumeration's are ten times as slow to combine.
_BITS: dict[str, int] = {grant: int(access) for grant, access in _ACCESS.items()}
_BITS_OF_FILES = int(_OF_FILES)

Rules: TypeAlias = "Iterable[tuple[str, str]]"
"""Paths, each with a :class:`Grant`."""


@functools.cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _syscall(number: int, *arguments: object) -> int:
    result: int = _libc().syscall(ctypes.c_long(number), *arguments)
    return result if result >= 0 else -ctypes.get_errno()


def abi(call: Call = _syscall) -> int:
    """The version of the kernel's interface; 0 without one."""
    version = call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))
    return max(0, version)


@functools.cache
def handled(version: int) -> Access:
    """The kinds of access that version knows, all of which are refused without a rule."""
    known = Access(0)
    for kind in Access:
        if _SINCE.get(kind, 1) <= version:
            known |= kind
    return known


@functools.cache
def attributes(version: int) -> bytes:
    """``struct landlock_ruleset_attr``, as long as that version knows it.

    The network is not among what is handled: ports can be granted, addresses cannot, and a worker
    needs any port of its loopback.
    """
    files = struct.pack("=Q", handled(version))
    if version < _SCOPES_SINCE:
        return files
    return files + struct.pack("=QQ", 0, _SCOPES)


def restrict(rules: Rules, call: Call = _syscall) -> None:
    """:func:`enforce` rules that are needed once."""
    made = ruleset(rules, call)
    try:
        enforce(made, call)
    finally:
        os.close(made)


def ruleset(rules: Rules, call: Call = _syscall) -> int:
    """A descriptor of rules, for any number of processes to enforce.

    A path that does not exist grants nothing. ``OSError`` where the kernel has no Landlock.
    """
    version = abi(call)
    if not version:
        raise OSError(errno.ENOSYS, "the kernel has no Landlock")
    known, data = int(handled(version)), attributes(version)
    made = _checked(
        call(CREATE_RULESET, data, ctypes.c_size_t(len(data)), ctypes.c_uint32(0)), "create_ruleset"
    )
    try:
        for path, grant in rules:
            _add(made, path, _BITS[grant] & known, call)
    except BaseException:
        os.close(made)
        raise
    return made


def enforce(ruleset: int, call: Call = _syscall) -> None:
    """Give up what these rules do not grant, for this thread and all that it starts, in addition
    to what was given up before. ``no_new_privs`` must be set; ``OSError`` where the kernel refuses.
    """
    _checked(call(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)), "restrict_self")


def _add(ruleset: int, path: str, access: int, call: Call) -> None:
    try:
        place = os.open(path, _O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            access &= _BITS_OF_FILES
        if access:
            rule = struct.pack("=Qi", access, place)  # struct landlock_path_beneath_attr
            _checked(
                call(ADD_RULE, ctypes.c_int(ruleset), _PATH_BENEATH, rule, ctypes.c_uint32(0)),
                f"add_rule {path}",
            )
    finally:
        os.close(place)


def _checked(result: int, what: str) -> int:
    if result < 0:
        raise OSError(-result, f"landlock_{what}: {os.strerror(-result)}")
    return result
