"""Rules for files: what is asked of kernels of each age, and what this one does with it."""

from __future__ import annotations

import errno
import os
import struct
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.inside import landlock
from autograder.sandbox.inside.landlock import Access, Grant


@dataclass
class Kernel:
    """A kernel of some age that writes down what it is asked."""

    abi: int
    attributes: bytes = b""
    rules: list[tuple[str, int]] = field(default_factory=list)
    restricted: int = 0

    def __call__(self, number: int, *arguments: Any) -> int:
        if number == landlock.CREATE_RULESET:
            data, size, flags = arguments
            if not self.abi:
                return -errno.ENOSYS
            if flags.value:
                assert (data, size.value, flags.value) == (None, 0, 1)
                return self.abi
            assert size.value == len(data)
            self.attributes = data
            return os.open("/", os.O_PATH)
        if number == landlock.ADD_RULE:
            _, kind, rule, flags = arguments
            access, place = struct.unpack("=Qi", rule)
            assert (kind, flags.value) == (1, 0) and not access & ~self.handled
            self.rules.append((str(Path("/proc/self/fd", str(place)).readlink()), access))
            return 0
        assert number == landlock.RESTRICT_SELF
        self.restricted += 1
        return 0

    @property
    def handled(self) -> int:
        return int(struct.unpack("=Q", self.attributes[:8])[0])


OLDEST = (1 << 13) - 1
"""The thirteen kinds of access of Linux 5.13 (landlock(7))."""


@pytest.mark.parametrize(
    ("abi", "handled", "size"),
    [
        (1, OLDEST, 8),  # Linux 5.13
        (2, OLDEST | 1 << 13, 8),  # 5.19: moving between folders
        (3, OLDEST | 3 << 13, 8),  # 6.2: truncating
        (4, OLDEST | 3 << 13, 8),  # 6.7: ports of TCP, which are not handled
        (5, OLDEST | 7 << 13, 8),  # 6.10: ioctl of devices
        (6, OLDEST | 7 << 13, 24),  # 6.12: scopes
        (7, OLDEST | 7 << 13, 24),  # 6.15: audit
        (99, OLDEST | 7 << 13, 24),
    ],
)
def test_what_a_kernel_knows_is_refused_without_a_rule(abi: int, handled: int, size: int) -> None:
    kernel = Kernel(abi)
    landlock.restrict([("/usr", Grant.READ), ("/tmp", Grant.OWN), ("/dev/null", "use")], kernel)
    assert kernel.handled == handled and len(kernel.attributes) == size
    if size == 24:  # ports are left alone; signals and abstract sockets end at the domain
        assert struct.unpack("=QQ", kernel.attributes[8:]) == (0, 3)
    usr, tmp, null = (access for _, access in kernel.rules)
    assert [name for name, _ in kernel.rules] == ["/usr", "/tmp", "/dev/null"]
    assert usr == Access.EXECUTE | Access.READ_FILE | Access.READ_DIR
    assert tmp == handled & ~(Access.MAKE_CHAR | Access.MAKE_BLOCK | Access.IOCTL_DEV)
    # A file that is no folder takes no rights of folders.
    assert null == (Access.READ_FILE | Access.WRITE_FILE | Access.IOCTL_DEV) & handled
    assert kernel.restricted == 1


def test_what_is_not_there_grants_nothing() -> None:
    kernel = Kernel(3)
    landlock.restrict([("/no/such/place", Grant.OWN), ("/dev/null", Grant.LIST)], kernel)
    assert kernel.rules == [] and kernel.restricted == 1


def test_a_kernel_without_it() -> None:
    kernel = Kernel(0)
    assert landlock.abi(kernel) == 0
    with pytest.raises(OSError, match="no Landlock") as caught:
        landlock.restrict([("/", Grant.READ)], kernel)
    assert caught.value.errno == errno.ENOSYS and not kernel.restricted


@pytest.mark.parametrize("refused", ["ADD_RULE", "RESTRICT_SELF"])
def test_a_refusal_is_an_error(refused: str) -> None:
    kernel = Kernel(7)

    def refuse(number: int, *arguments: Any) -> int:
        return -errno.EPERM if number == getattr(landlock, refused) else kernel(number, *arguments)

    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(PermissionError, match=refused.lower()):
        landlock.restrict([("/usr", Grant.READ)], refuse)
    assert len(os.listdir("/proc/self/fd")) == before


TRY = """
import os, sys
from autograder.sandbox.inside import landlock, tiers
place = sys.argv[1]
tiers.set_process(tiers.PR_SET_NO_NEW_PRIVS, 1)
granted = [(f"{place}/{name}", name) for name in ("own", "look", "list", "share")]
landlock.restrict([*granted, ("/usr", "read")])
found = []
def tried(name, action):
    try:
        action()
    except OSError:
        return
    found.append(name)
for name in ("own", "look", "list", "share", "none"):
    folder = f"{place}/{name}"
    tried(name + " names", lambda: os.listdir(folder))
    tried(name + " read", lambda: open(f"{folder}/file").read())
    tried(name + " write", lambda: open(f"{folder}/file", "r+").write("x"))
    tried(name + " make", lambda: open(f"{folder}/new", "x"))
    tried(name + " folder", lambda: os.mkdir(f"{folder}/below"))
    tried(name + " link", lambda: os.symlink("file", f"{folder}/link"))
    tried(name + " remove", lambda: os.unlink(f"{folder}/file"))
print("\\n".join(found))
"""

WITHIN = {
    "own": ["names", "read", "write", "make", "folder", "link", "remove"],
    "look": ["names", "read"],
    "list": ["names"],
    "share": ["names", "read", "write", "make", "remove"],
    "none": [],
}


@pytest.mark.skipif(not landlock.abi(), reason="the kernel has no Landlock")
def test_what_this_kernel_makes_of_each_grant(tmp_path: Path) -> None:
    for name in WITHIN:
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("text")
    done = subprocess.run(
        [sys.executable, "-c", TRY, str(tmp_path)], capture_output=True, text=True, check=False
    )
    expected = [f"{name} {action}" for name, actions in WITHIN.items() for action in actions]
    assert done.stdout.split("\n")[:-1] == expected, done.stderr
