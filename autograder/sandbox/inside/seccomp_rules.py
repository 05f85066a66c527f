"""What the filter of :mod:`autograder.sandbox.inside.seccomp` refuses, by name and with the reason.

A worker keeps what an exercise may need: files, processes, threads, sockets on its own loopback,
shared memory below /dev/shm. The numbers of the calls are in ``syscall_numbers.py``, which
``scripts/syscalls.py`` generates for the names used here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Group:
    """System calls that are refused for one reason."""

    name: str
    reason: str
    calls: tuple[str, ...]


REFUSED = (
    Group(
        "other processes",
        "They reach into the memory and the descriptors of other processes, as a debugger does.",
        (
            "ptrace",
            "process_vm_readv",
            "process_vm_writev",
            "kcmp",
            "pidfd_getfd",
            "process_madvise",
            "process_mrelease",
            "migrate_pages",
            "move_pages",
        ),
    ),
    Group(
        "watching the kernel",
        "They run code in the kernel, show what it does or make it wait at a chosen place, as "
        "exploits do.",
        ("bpf", "perf_event_open", "userfaultfd", "syslog"),
    ),
    Group(
        "rules of the process",
        "They change what the kernel and the processor hold a process to: its filters, security "
        "labels, address layout, segments and rights to the machine's ports.",
        (
            "seccomp",
            "personality",
            "lsm_get_self_attr",
            "lsm_set_self_attr",
            "lsm_list_modules",
            "map_shadow_stack",
            "modify_ldt",
            "iopl",
            "ioperm",
        ),
    ),
    Group(
        "replacing the kernel",
        "They load code into the kernel, start another one or stop the machine.",
        ("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot"),
    ),
    Group(
        "relics",
        "Hardly anything uses them, so their code in the kernel is little tested.",
        ("uselib", "ustat", "sysfs", "_sysctl", "nfsservctl", "lookup_dcookie", "remap_file_pages"),
    ),
    Group(
        "mounts",
        "They show or change which files a worker sees, and the mounts are one of its walls.",
        (
            "mount",
            "umount2",
            "pivot_root",
            "chroot",
            "open_tree",
            "move_mount",
            "fsopen",
            "fsconfig",
            "fsmount",
            "fspick",
            "mount_setattr",
            "statmount",
            "listmount",
        ),
    ),
    Group(
        "namespaces",
        "A new user namespace brings every capability within it, and with them much more of the "
        "kernel's code.",
        ("unshare", "setns"),
    ),
    Group(
        "files without a path",
        "They open or watch files of a whole file system, past the mounts that hide some of them.",
        ("name_to_handle_at", "open_by_handle_at", "fanotify_init"),
    ),
    Group(
        "the whole machine",
        "Disks, quotas, swap, terminals and clocks are shared: one `sync` stalls every other "
        "worker that writes.",
        (
            "sync",
            "syncfs",
            "acct",
            "quotactl",
            "quotactl_fd",
            "swapon",
            "swapoff",
            "vhangup",
            "settimeofday",
            "clock_settime",
            "adjtimex",
            "clock_adjtime",
        ),
    ),
    Group(
        "keys",
        "The kernel stores keys itself and counts them by user: no limit of a worker covers them.",
        ("add_key", "request_key", "keyctl"),
    ),
    Group(
        "memory without an owner",
        "What they allocate belongs to no process and lies in no scratch folder: where no control "
        "group counts it, nobody does.",
        ("memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "shmdt"),
    ),
    Group(
        "semaphores and message queues",
        "They outlive the process that made them and are counted by namespace or by user: no limit "
        "of a process covers them, and within a container nothing ends them.",
        (
            "semget",
            "semop",
            "semctl",
            "semtimedop",
            "msgget",
            "msgsnd",
            "msgrcv",
            "msgctl",
            "mq_open",
            "mq_unlink",
        ),
    ),
    Group(
        "requests in the kernel's queues",
        "The number of `io_setup` is limited for the whole machine, and what io_uring is asked to "
        "do never passes this filter.",
        ("io_setup", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    ),
    Group(
        "waiting by choice",
        "A worker is not charged for time in which it waited for a core, so it must not be able "
        "to ask for less of one.",
        ("setpriority", "sched_setscheduler", "sched_setparam", "sched_setattr", "ioprio_set"),
    ),
)
"""Calls that return EPERM, whatever their arguments."""

ABSENT = (
    Group(
        "flags in memory",
        "A filter sees no memory, and so not the flags of `clone3`; without it the C library uses "
        "`clone`, which has them in an argument.",
        ("clone3",),
    ),
)
"""Calls that return ENOSYS, as if the kernel were older."""

NEWEST = "mseal"
"""The newest call that these rules were checked against (Linux 6.10); those with higher numbers
return ENOSYS until they have been reviewed."""

LAST_BEFORE_GAP = {"x86_64": "rseq", "aarch64": "kexec_file_load"}
FIRST_AFTER_GAP = "pidfd_send_signal"
"""From this call on every architecture has the same numbers. Those skipped before it have no
meaning, or only one for the kernel's own probes (two on x86-64), and return ENOSYS."""


class Refuse(Enum):
    """Which values of an argument are refused."""

    FLAGS = "any value with one of these bits"
    LISTED = "these values"
    OTHERS = "all but these values"


@dataclass(frozen=True, slots=True)
class ArgumentRule:
    """A call that returns EPERM for some values of one argument (counted from 0).

    A filter sees the value of an argument, not what a pointer leads to. The kernel reads these
    arguments as 32-bit numbers, so the rule looks at the lower half only.
    """

    call: str
    argument: int
    refuse: Refuse
    values: dict[str, int]
    reason: str


ARGUMENT_RULES = (
    ArgumentRule(
        "clone",
        0,
        Refuse.FLAGS,
        {
            "CLONE_NEWTIME": 0x80,
            "CLONE_NEWNS": 0x20000,
            "CLONE_NEWCGROUP": 0x2000000,
            "CLONE_NEWUTS": 0x4000000,
            "CLONE_NEWIPC": 0x8000000,
            "CLONE_NEWUSER": 0x10000000,
            "CLONE_NEWPID": 0x20000000,
            "CLONE_NEWNET": 0x40000000,
        },
        "Forks and threads are allowed, new namespaces are not (see the group of that name).",
    ),
    ArgumentRule(
        "socket",
        0,
        Refuse.OTHERS,
        {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16},
        "asyncio, multiprocessing and gloo use these; others, such as AF_VSOCK, are not confined "
        "by a network namespace or reach code that is rarely used.",
    ),
    ArgumentRule(
        "socket",
        2,
        Refuse.OTHERS,
        {"default": 0, "IPPROTO_TCP": 6, "IPPROTO_UDP": 17},
        "The default is all that AF_UNIX and gloo's AF_NETLINK need; other protocols of netlink "
        "let users fill each other's buffers uncounted.",
    ),
    ArgumentRule(
        "socketpair",
        0,
        Refuse.OTHERS,
        {"AF_UNIX": 1},
        "Python makes pairs of this family; others, such as AF_TIPC, are little tested.",
    ),
    ArgumentRule(
        "prctl",
        0,
        Refuse.LISTED,
        {
            "PR_SET_DUMPABLE": 4,
            "PR_SET_SECCOMP": 22,
            "PR_SET_MM": 35,
            "PR_SET_CHILD_SUBREAPER": 36,
            "PR_SCHED_CORE": 62,
        },
        "They hide a process from the judge's looks at /proc, stack further filters, forge where "
        "its memory lies, lead its daemons out of its tree, or make others wait for a core.",
    ),
    ArgumentRule(
        "ioctl",
        1,
        Refuse.LISTED,
        {"TIOCSTI": 0x5412, "TIOCLINUX": 0x541C},
        "They type into the terminal of the person who started the process.",
    ),
)
"""Looked at in this order; the rules of one call stand together."""


def calls() -> Iterator[str]:
    """Every call that is named here, each once: those whose numbers are needed."""
    names = [name for group in (*REFUSED, *ABSENT) for name in group.calls]
    names += [rule.call for rule in ARGUMENT_RULES]
    names += [NEWEST, FIRST_AFTER_GAP, *LAST_BEFORE_GAP.values()]
    return iter(dict.fromkeys(names))
