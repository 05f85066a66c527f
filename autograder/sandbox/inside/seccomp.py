"""A seccomp filter for the workers: what a Python exercise never needs is refused.

What is refused, and why, is in :mod:`autograder.sandbox.inside.seccomp_rules`; this module turns
the rules into a program for the kernel and installs it. Calls that the rules name return EPERM.
Numbers that they do not know, newer ones and gaps, return ENOSYS as if the kernel were older.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import platform
import struct
from dataclasses import dataclass

from autograder.sandbox.inside.seccomp_rules import (
    ABSENT,
    ARGUMENT_RULES,
    FIRST_AFTER_GAP,
    LAST_BEFORE_GAP,
    NEWEST,
    REFUSED,
    ArgumentRule,
    Group,
    Refuse,
)
from autograder.sandbox.inside.syscall_numbers import NUMBERS

# Operations of classic BPF (linux/bpf_common.h) and offsets into struct seccomp_data.
_LOAD, _JEQ, _JSET, _JGE, _JGT, _RET = 0x20, 0x15, 0x45, 0x35, 0x25, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000  # SECCOMP_RET_*
_EPERM, _ENOSYS = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS

_X32 = 0x40000000  # __X32_SYSCALL_BIT
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2

_Step = tuple[int, int, int, int]
"""Operation, how many steps to skip if it is true, how many if it is not, and its operand."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """How the calls are numbered on one architecture."""

    name: str
    column: int  # of the table of numbers
    audit: int  # AUDIT_ARCH_*, the kernel's name for it
    x32: bool = False  # whether the calls have a second set of numbers

    def number(self, call: str) -> int:
        """The number of a call that exists here; ``KeyError`` for one that does not."""
        number = NUMBERS[call][self.column]
        if number is None:
            raise KeyError(call)
        return number

    def numbers(self, groups: tuple[Group, ...]) -> dict[str, int]:
        """The calls of ``groups`` that exist here, and their numbers."""
        named = {call: NUMBERS[call][self.column] for group in groups for call in group.calls}
        return {call: number for call, number in named.items() if number is not None}

    def gap(self) -> tuple[int, int]:
        """The first and the last of the numbers that no call has."""
        return self.number(LAST_BEFORE_GAP[self.name]) + 1, self.number(FIRST_AFTER_GAP) - 1


ARCHITECTURES = {
    "x86_64": Architecture("x86_64", 0, 0xC000003E, x32=True),
    "aarch64": Architecture("aarch64", 1, 0xC00000B7),
}
HERE = ARCHITECTURES.get(platform.machine())
"""This machine's; None where there is no filter for it."""


def _argument(rule: ArgumentRule) -> list[_Step]:
    """EPERM for what a rule refuses; other values go on to the step after these."""
    steps: list[_Step] = [(_LOAD, 0, 0, _ARGUMENTS + 8 * rule.argument)]
    values = list(rule.values.values())
    if rule.refuse is Refuse.FLAGS:
        return [*steps, (_JSET, 0, 1, sum(values)), (_RET, 0, 0, _EPERM)]
    if rule.refuse is Refuse.LISTED:
        for value in values:
            steps += [(_JEQ, 0, 1, value), (_RET, 0, 0, _EPERM)]
        return steps
    for left, value in zip(range(len(values), 0, -1), values, strict=True):
        steps.append((_JEQ, left, 0, value))
    return [*steps, (_RET, 0, 0, _EPERM)]


def program(architecture: Architecture) -> bytes:
    """The filter as the kernel takes it: an array of ``struct sock_filter``."""
    first, last = architecture.gap()
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JEQ, 1, 0, architecture.audit),
        (_RET, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if architecture.x32:
        steps += [(_JGE, 0, 1, _X32), (_RET, 0, 0, _EPERM)]
    steps += [(_JGT, 0, 1, architecture.number(NEWEST)), (_RET, 0, 0, _ENOSYS)]
    steps += [(_JGE, 0, 2, first), (_JGT, 1, 0, last), (_RET, 0, 0, _ENOSYS)]
    for groups, answer in ((REFUSED, _EPERM), (ABSENT, _ENOSYS)):
        for number in sorted(architecture.numbers(groups).values()):
            steps += [(_JEQ, 0, 1, number), (_RET, 0, 0, answer)]
    for call, rules in itertools.groupby(ARGUMENT_RULES, lambda rule: rule.call):
        check = [step for rule in rules for step in _argument(rule)]
        check.append((_RET, 0, 0, _ALLOW))
        steps += [(_JEQ, 0, len(check), architecture.number(call)), *check]
    steps.append((_RET, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *step) for step in steps)


# Built when the zygote imports this module: its forks have it ready.
_PROGRAM = program(HERE) if HERE is not None else b""


class _Filter(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


_filter = _Filter(len(_PROGRAM) // 8, _PROGRAM)
_libc = ctypes.CDLL(None, use_errno=True)


def install() -> None:
    """Confine the calling process and its descendants; ``OSError`` where it cannot be done."""
    if not _PROGRAM:
        raise OSError(f"no seccomp filter for {platform.machine()}")
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_NO_NEW_PRIVS")
    if _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(_filter), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_SECCOMP")
