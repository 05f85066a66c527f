"""The filter of system calls: what it answers on each architecture, and its numbers.

Whether the kernel agrees is tested from inside the sandbox, in ``test_breakout.py``.
"""

from __future__ import annotations

import errno
import importlib.util
import itertools
import os
import re
import socket
import struct
import sys
from pathlib import Path
from types import ModuleType

import pytest

from autograder.sandbox.inside import seccomp, seccomp_rules
from autograder.sandbox.inside.seccomp import ARCHITECTURES, Architecture
from autograder.sandbox.inside.seccomp_rules import ARGUMENT_RULES, ArgumentRule, Refuse
from autograder.sandbox.inside.syscall_numbers import NUMBERS

ROOT = Path(__file__).parents[2]
ALLOW, KILL = "allow", "kill"
BOTH = pytest.mark.parametrize("machine", sorted(ARCHITECTURES))


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("syscalls", ROOT / "scripts" / "syscalls.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


syscalls = load_script()


# -- a machine for the filter ----------------------------------------------------------------


def run(program: bytes, number: int, arguments: tuple[int, ...], audit: int) -> str | int:
    """What a filter answers to a call: ``allow``, ``kill`` or the number of an error."""
    data = struct.pack("<iIQ6Q", number, audit, 0, *arguments)
    steps = list(struct.iter_unpack("HBBI", program))
    at = value = 0
    while True:
        operation, if_true, if_false, operand = steps[at]
        at += 1
        if operation == 0x20:  # load a word
            value = struct.unpack_from("<I", data, operand)[0]
        elif operation == 0x06:  # return
            answers = {0x7FFF0000: ALLOW, 0x80000000: KILL}
            return answers[operand] if operand in answers else operand - 0x00050000
        else:
            met = {
                0x15: value == operand,
                0x25: value > operand,
                0x35: value >= operand,
                0x45: value & operand != 0,
            }[operation]
            at += if_true if met else if_false


def refuses(rule: ArgumentRule, value: int) -> bool:
    value &= 0xFFFFFFFF
    if rule.refuse is Refuse.FLAGS:
        return any(value & flag for flag in rule.values.values())
    return (value in rule.values.values()) is (rule.refuse is Refuse.LISTED)


def expected(here: Architecture, number: int, arguments: tuple[int, ...]) -> str | int:
    """What the rules say, read off them without a program."""
    names = {pair[here.column]: name for name, pair in NUMBERS.items()}
    name = names.get(number, "")
    first, last = here.gap()
    if here.x32 and number >= 1 << 30:
        return errno.EPERM
    if number > here.number(seccomp_rules.NEWEST) or first <= number <= last:
        return errno.ENOSYS
    if any(name in group.calls for group in seccomp_rules.REFUSED):
        return errno.EPERM
    if any(name in group.calls for group in seccomp_rules.ABSENT):
        return errno.ENOSYS
    rules = [rule for rule in ARGUMENT_RULES if rule.call == name]
    if any(refuses(rule, arguments[rule.argument]) for rule in rules):
        return errno.EPERM
    return ALLOW


def interesting(name: str) -> list[tuple[int, ...]]:
    """Arguments at and around the values that the rules for a call name."""
    rules = [rule for rule in ARGUMENT_RULES if rule.call == name]
    values = {0, 1, 3, 17, 38, 0xFFFFFFFF, 1 << 32, 0x01200011}  # the last: what fork() passes
    for rule in rules:
        for value in rule.values.values():
            values |= {value - 1 & 0xFFFFFFFF, value, value + 1, value | 1 << 40, value | 0x11}
    used = sorted({rule.argument for rule in rules})
    found = []
    for combination in itertools.product(sorted(values), repeat=len(used)):
        arguments = [0] * 6
        for position, value in zip(used, combination, strict=True):
            arguments[position] = value
        found.append(tuple(arguments))
    return found


@BOTH
def test_the_filter_does_what_the_rules_say(machine: str) -> None:
    here = ARCHITECTURES[machine]
    program = seccomp.program(here)
    assert len(program) // 8 < 4096  # BPF_MAXINSNS
    checked = {here.number(rule.call): rule.call for rule in ARGUMENT_RULES}
    for number in [*range(700), 1000, 100_000, (1 << 30) - 1, 1 << 30, (1 << 30) + 59]:
        for arguments in interesting(checked.get(number, "")):
            answer = run(program, number, arguments, here.audit)
            assert answer == expected(here, number, arguments), (number, arguments)


@BOTH
def test_another_architecture_s_numbers_end_the_process(machine: str) -> None:
    here = ARCHITECTURES[machine]
    i386, arm = 0x40000003, 0x40000028
    others = {other.audit for other in ARCHITECTURES.values()} - {here.audit}
    for audit in (*others, i386, arm):
        assert run(seccomp.program(here), 0, (0,) * 6, audit) == KILL


@pytest.mark.parametrize(
    ("machine", "numbers"),
    [
        # process_vm_readv, process_vm_writev, kcmp, semtimedop, lookup_dcookie, remap_file_pages
        ("x86_64", (310, 311, 312, 220, 212, 216)),
        ("aarch64", (270, 271, 272, 192, 18, 234)),
    ],
)
def test_what_was_once_refused_on_one_architecture_only(
    machine: str, numbers: tuple[int, ...]
) -> None:
    here = ARCHITECTURES[machine]
    for number in numbers:
        assert run(seccomp.program(here), number, (0,) * 6, here.audit) == errno.EPERM


@BOTH
def test_what_every_answer_needs_is_allowed(machine: str) -> None:
    here = ARCHITECTURES[machine]
    program = seccomp.program(here)
    # read, write, mmap, futex, exit_group, execve, fsync: by hand, as the rules do not name them
    needed = {"x86_64": (0, 1, 9, 202, 231, 59, 74), "aarch64": (63, 64, 222, 98, 94, 221, 82)}
    for number in needed[machine]:
        assert run(program, number, (0,) * 6, here.audit) == ALLOW
    thread = 0x3D0F00  # the flags of pthread_create(3)
    assert run(program, here.number("clone"), (thread, 0, 0, 0, 0, 0), here.audit) == ALLOW


# -- the rules -------------------------------------------------------------------------------


def test_each_call_stands_in_one_group_with_a_reason() -> None:
    groups = (*seccomp_rules.REFUSED, *seccomp_rules.ABSENT)
    calls = [call for group in groups for call in group.calls]
    assert len(calls) == len(set(calls))
    assert not {rule.call for rule in ARGUMENT_RULES} & set(calls)
    for reason in [*(g.reason for g in groups), *(rule.reason for rule in ARGUMENT_RULES)]:
        assert reason.endswith(".") and len(reason.split()) > 5
    assert len({group.name for group in groups}) == len(groups)


def test_each_name_has_a_number_and_none_is_left_over() -> None:
    assert set(NUMBERS) == set(seccomp_rules.calls())
    for column in (0, 1):
        numbers = [pair[column] for pair in NUMBERS.values() if pair[column] is not None]
        assert len(numbers) == len(set(numbers))


@BOTH
def test_what_the_program_is_built_from_exists_on_both(machine: str) -> None:
    here = ARCHITECTURES[machine]
    for rule in ARGUMENT_RULES:
        assert here.number(rule.call) >= 0
    with pytest.raises(KeyError, match="iopl"):
        ARCHITECTURES["aarch64"].number("iopl")


# -- the kernel's headers --------------------------------------------------------------------


@BOTH
def test_numbers_are_those_of_the_kernel_s_headers(machine: str) -> None:
    header = syscalls.installed(machine)
    if header is None:
        pytest.skip(f"no kernel headers for {machine} here (Debian: linux-libc-dev)")
    defined = syscalls.read(header)
    newest = max(number for name, number in defined.items() if name != "syscalls")
    for name, pair in NUMBERS.items():
        number = pair[ARCHITECTURES[machine].column]
        if name in defined:
            assert number == defined[name], name
        else:  # no such call there, or one that came after these headers
            assert number is None or number > newest, name


CONSTANTS = {
    "linux/sched.h": ("CLONE_",),
    "linux/prctl.h": ("PR_",),
    "asm-generic/ioctls.h": ("TIOC",),
}


def test_values_of_arguments_are_those_of_the_headers() -> None:
    include = Path("/usr/include")
    if not (include / "linux/prctl.h").is_file():
        pytest.skip("no kernel headers here (Debian: linux-libc-dev)")
    defined: dict[str, int] = {}
    for file in CONSTANTS:
        text = (include / file).read_text()
        found = re.findall(r"^#\s*define\s+(\w+)\s+(0x[0-9a-fA-F]+|\d+)\b", text, re.MULTILINE)
        defined |= {name: int(value, 0) for name, value in found}
    prefixes = tuple(prefix for group in CONSTANTS.values() for prefix in group)
    for rule in ARGUMENT_RULES:
        for name, value in rule.values.items():
            if name.startswith(prefixes):
                assert value == defined[name], name


@pytest.mark.skipif(sys.platform != "linux", reason="other systems number families differently")
def test_families_and_protocols_are_those_of_this_system() -> None:
    for rule in ARGUMENT_RULES:
        for name, value in rule.values.items():
            if name.startswith(("AF_", "IPPROTO_")):
                assert value == getattr(socket, name), name


# -- the generator ---------------------------------------------------------------------------


def header(path: Path, column: int, *, before: int = 1 << 30) -> Path:
    """A header of a kernel that has only calls with numbers below ``before``."""
    pairs = {name: pair[column] for name, pair in NUMBERS.items()}
    path.write_text(
        "#ifndef _ASM_UNISTD_64_H\n"
        + "".join(
            f"#define __NR_{name} {number}\n"
            for name, number in pairs.items()
            if number is not None and number < before
        )
        + "#define __NR_fstat __NR3264_fstat\n#endif\n"
    )
    return path


def test_the_module_of_numbers_is_what_the_script_writes(tmp_path: Path) -> None:
    headers = [header(tmp_path / f"{column}.h", column) for column in (0, 1)]
    assert syscalls.text(*map(syscalls.read, headers)) == syscalls.OUT.read_text()


@pytest.mark.parametrize("old", [(0,), (1,), (0, 1)])
def test_headers_older_than_a_named_call_are_refused(tmp_path: Path, old: tuple[int, ...]) -> None:
    """They must not pass for an architecture that lacks the call."""
    headers = [
        header(tmp_path / f"{column}.h", column, before=451 if column in old else 1 << 30)
        for column in (0, 1)
    ]
    with pytest.raises(ValueError, match="too old"):
        syscalls.text(*map(syscalls.read, headers))


def test_the_script_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [os.fspath(header(tmp_path / f"{column}.h", column)) for column in (0, 1)]
    right = ["syscalls.py", "--x86-64", names[0], "--aarch64", names[1], "--check"]
    monkeypatch.setattr(sys, "argv", right)
    syscalls.main()
    monkeypatch.setattr(sys, "argv", [*right[:2], names[1], "--aarch64", names[0], "--check"])
    with pytest.raises(SystemExit, match=r"syscall_numbers\.py differs"):
        syscalls.main()
