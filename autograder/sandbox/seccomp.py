"""A seccomp filter for the workers: what a Python exercise never needs is refused.

System calls that the list names return EPERM. ``clone`` with a namespace flag returns
EPERM, and ``clone3`` ENOSYS, so that the C library falls back to ``clone``, whose flags
a filter can see. Sockets are allowed for the families that asyncio, multiprocessing and
gloo use; AF_VSOCK and its like are not confined by a network namespace and are refused.

Numbers: Linux ``arch/x86/entry/syscalls/syscall_64.tbl`` and
``include/uapi/asm-generic/unistd.h`` (64-bit Arm).
"""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import struct

_X86_64 = {
    "audit": 0xC000003E,
    "socket": 41,
    "clone": 56,
    "clone3": 435,
    "refused": [
        101, 310, 311, 321, 298, 323, 248, 249, 250,  # ptrace, process_vm_*, bpf, perf, uffd, keys
        165, 166, 155, 161, 428, 429, 430, 431, 432, 433, 442,  # mounts and roots
        272, 308, 175, 176, 313, 246, 320, 169, 167, 168,  # unshare, setns, modules, kexec, reboot
        304, 303, 163, 179, 135, 425, 426, 427,  # file handles, acct, quota, personality, io_uring
        319, 29, 30, 31, 67, 64, 65, 66, 68, 69, 70, 71, 447,  # memfd, System V, memfd_secret
        172, 173, 159, 227, 305, 164, 153, 180, 212, 312, 216,  # ports, clocks, kcmp and relics
        438, 448, 440, 310,  # pidfd_getfd, process_mrelease, process_madvise
    ],
}  # fmt: skip
_AARCH64 = {
    "audit": 0xC00000B7,
    "socket": 198,
    "clone": 220,
    "clone3": 435,
    "refused": [
        117, 270, 271, 280, 241, 282, 217, 218, 219,
        40, 39, 41, 51, 428, 429, 430, 431, 432, 433, 442,
        97, 268, 105, 106, 273, 104, 294, 142, 224, 225,
        264, 265, 89, 60, 92, 425, 426, 427,
        279, 194, 195, 196, 197, 190, 191, 192, 193, 186, 187, 188, 189, 447,
        171, 112, 266, 170, 58, 272,
        438, 448, 440,
    ],
}  # fmt: skip

_NAMESPACE_FLAGS = 0x7E020080  # CLONE_NEW{TIME,NS,CGROUP,UTS,IPC,USER,PID,NET}
_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, 16)  # 16: AF_NETLINK

_LOAD, _JEQ, _JSET, _JGE, _RET = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_EPERM, _ENOSYS = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_NR, _ARCH, _ARG0 = 0, 4, 16


def _program() -> bytes:
    table = {"x86_64": _X86_64, "aarch64": _AARCH64}.get(platform.machine())
    if table is None:
        raise OSError(f"no seccomp table for {platform.machine()}")
    code: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, _ARCH),
        (_JEQ, 1, 0, table["audit"]),  # type: ignore[list-item]
        (_RET, 0, 0, _KILL),
        (_LOAD, 0, 0, _NR),
    ]
    if platform.machine() == "x86_64":  # the x32 numbers are a second door to the same calls
        code += [(_JGE, 0, 1, 0x40000000), (_RET, 0, 0, _EPERM)]
    for number in sorted(set(table["refused"])):  # type: ignore[call-overload]
        code += [(_JEQ, 0, 1, number), (_RET, 0, 0, _EPERM)]
    code += [(_JEQ, 0, 1, table["clone3"]), (_RET, 0, 0, _ENOSYS)]  # type: ignore[list-item]
    code += [
        (_JEQ, 0, 4, table["clone"]),  # type: ignore[list-item]
        (_LOAD, 0, 0, _ARG0),
        (_JSET, 0, 1, _NAMESPACE_FLAGS),
        (_RET, 0, 0, _EPERM),
        (_RET, 0, 0, _ALLOW),
    ]
    code += [(_JEQ, 0, len(_FAMILIES) + 2, table["socket"]), (_LOAD, 0, 0, _ARG0)]  # type: ignore[list-item]
    for index, family in enumerate(_FAMILIES):
        code.append((_JEQ, len(_FAMILIES) - index, 0, int(family)))
    code += [(_RET, 0, 0, _EPERM), (_RET, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *step) for step in code)


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install() -> None:
    """Confine the calling process and its descendants; ``OSError`` where it cannot be done."""
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program()
    filter_ = _Filter(len(program) // 8, program)
    if libc.prctl(38, 1, 0, 0, 0) != 0:  # PR_SET_NO_NEW_PRIVS
        raise OSError(ctypes.get_errno(), "PR_SET_NO_NEW_PRIVS")
    if libc.prctl(22, 2, ctypes.byref(filter_), 0, 0) != 0:  # PR_SET_SECCOMP, filter mode
        raise OSError(ctypes.get_errno(), "PR_SET_SECCOMP")
