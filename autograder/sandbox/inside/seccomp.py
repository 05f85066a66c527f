"""A seccomp filter for the workers: what a Python exercise never needs is refused.

System calls that the list names return EPERM. ``clone`` with a namespace flag returns
EPERM, and ``clone3`` ENOSYS, so that the C library falls back to ``clone``, whose flags
a filter can see. Sockets are allowed for the families that asyncio, multiprocessing and
gloo use; AF_VSOCK and its like are not confined by a network namespace and are refused.
Numbers that this list does not know, newer ones and gaps, return ENOSYS as if the kernel
were older.

Numbers: Linux ``arch/x86/entry/syscalls/syscall_64.tbl`` and
``include/uapi/asm-generic/unistd.h`` (64-bit Arm); from 424 on they are the same.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import socket
import struct
from collections.abc import Iterable

REFUSED: dict[str, tuple[int | None, int | None]] = {
    # other processes and the kernel's insides
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "seccomp": (317, 277), "syslog": (103, 116), "personality": (135, 92),
    "lsm_get_self_attr": (459, 459), "lsm_set_self_attr": (460, 460),
    "lsm_list_modules": (461, 461), "map_shadow_stack": (453, 453), "modify_ldt": (154, None),
    "iopl": (172, None), "ioperm": (173, None), "init_module": (175, 105),
    "delete_module": (176, 106), "finit_module": (313, 273), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "uselib": (134, None),
    "ustat": (136, None), "sysfs": (139, None), "_sysctl": (156, None),
    "nfsservctl": (180, 42), "lookup_dcookie": (212, 18), "remap_file_pages": (216, 234),
    # mounts, roots and namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "statmount": (457, 457), "listmount": (458, 458),
    "unshare": (272, 97), "setns": (308, 268), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    # the whole machine's: disks, clocks, swap, keys
    "sync": (162, 81), "syncfs": (306, 267), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "swapon": (167, 224), "swapoff": (168, 225),
    "vhangup": (153, 58), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "adjtimex": (159, 171), "clock_adjtime": (305, 266), "add_key": (248, 217),
    "request_key": (249, 218), "keyctl": (250, 219),
    # memory and requests that are counted for nobody, or for the machine
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "io_setup": (206, 0),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197),
    "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192),
    "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    # waiting for a core by choice: such time is taken for the machine's fault
    "setpriority": (141, 140), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "ioprio_set": (251, 30),
}  # fmt: skip
"""Names and their numbers on x86-64 and 64-bit Arm; None where there is no such call."""

NEWEST = 462  # mseal, Linux 6.10
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_CHECKED = {"clone": (56, 220), "socket": (41, 198), "socketpair": (53, 199),
            "prctl": (157, 167), "ioctl": (16, 29)}  # fmt: skip
_CLONE3 = 435
_GAP = ((335, 423), (295, 423))
"""Numbers without a meaning, or that only the kernel's own probes use, on each architecture."""

_NAMESPACE_FLAGS = 0x7E020080  # CLONE_NEW{TIME,NS,CGROUP,UTS,IPC,USER,PID,NET}
_NETLINK = 16
_FAMILIES = (int(socket.AF_UNIX), int(socket.AF_INET), int(socket.AF_INET6), _NETLINK)
_PROTOCOLS = (0, 6, 17)
"""The family's own, TCP, UDP. Others of netlink let users fill each other's buffers uncounted."""
_PRCTL = (4, 22, 35, 62)  # PR_SET_DUMPABLE, _SECCOMP, _MM, PR_SCHED_CORE
_IOCTL = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX

_LOAD, _JEQ, _JSET, _JGE, _JGT, _RET = 0x20, 0x15, 0x45, 0x35, 0x25, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_EPERM, _ENOSYS = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_NR, _ARCH, _ARG0 = 0, 4, 16

_Step = tuple[int, int, int, int]


def refused_here() -> dict[str, int]:
    """The refused calls and their numbers on this machine."""
    column, _ = _architecture()
    return {name: n for name, pair in REFUSED.items() if (n := pair[column]) is not None}


def _architecture() -> tuple[int, int]:
    """Column of the tables and the kernel's name of the architecture."""
    try:
        return _ARCHITECTURES[platform.machine()]
    except KeyError:
        raise OSError(f"no seccomp table for {platform.machine()}") from None


def _load(argument: int) -> _Step:
    return (_LOAD, 0, 0, _ARG0 + 8 * argument)


def _none_of(argument: int, values: Iterable[int]) -> list[_Step]:
    """EPERM for an argument among ``values`` (its lower 32 bits)."""
    steps = [_load(argument)]
    for value in values:
        steps += [(_JEQ, 0, 1, value), (_RET, 0, 0, _EPERM)]
    return steps


def _one_of(argument: int, values: tuple[int, ...]) -> list[_Step]:
    """EPERM for an argument that is not among ``values``."""
    steps = [_load(argument)]
    for index, value in enumerate(values):
        steps.append((_JEQ, len(values) - index, 0, value))
    return [*steps, (_RET, 0, 0, _EPERM)]


def program() -> bytes:
    """The filter as the kernel takes it."""
    column, audit = _architecture()
    first, last = _GAP[column]
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCH),
        (_JEQ, 1, 0, audit),
        (_RET, 0, 0, _KILL),
        (_LOAD, 0, 0, _NR),
    ]
    if column == 0:  # the x32 numbers are a second door to the same calls
        steps += [(_JGE, 0, 1, 0x40000000), (_RET, 0, 0, _EPERM)]
    steps += [(_JGT, 0, 1, NEWEST), (_RET, 0, 0, _ENOSYS)]
    steps += [(_JGE, 0, 2, first), (_JGT, 1, 0, last), (_RET, 0, 0, _ENOSYS)]
    for number in sorted(set(refused_here().values())):
        steps += [(_JEQ, 0, 1, number), (_RET, 0, 0, _EPERM)]
    steps += [(_JEQ, 0, 1, _CLONE3), (_RET, 0, 0, _ENOSYS)]
    checks = {
        "clone": [_load(0), (_JSET, 0, 1, _NAMESPACE_FLAGS), (_RET, 0, 0, _EPERM)],
        "socket": _one_of(0, _FAMILIES) + _one_of(2, _PROTOCOLS),
        "socketpair": _one_of(0, _FAMILIES[:1]),
        "prctl": _none_of(0, _PRCTL),
        "ioctl": _none_of(1, _IOCTL),
    }
    for name, check in checks.items():
        check.append((_RET, 0, 0, _ALLOW))
        steps += [(_JEQ, 0, len(check), _CHECKED[name][column]), *check]
    steps.append((_RET, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *step) for step in steps)


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install() -> None:
    """Confine the calling process and its descendants; ``OSError`` where it cannot be done."""
    libc = ctypes.CDLL(None, use_errno=True)
    code = program()
    filter_ = _Filter(len(code) // 8, code)
    if libc.prctl(38, 1, 0, 0, 0) != 0:  # PR_SET_NO_NEW_PRIVS
        raise OSError(ctypes.get_errno(), "PR_SET_NO_NEW_PRIVS")
    if libc.prctl(22, 2, ctypes.byref(filter_), 0, 0) != 0:  # PR_SET_SECCOMP, filter mode
        raise OSError(ctypes.get_errno(), "PR_SET_SECCOMP")
