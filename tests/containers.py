"""A machine like a plain Docker container, for tests that run as root: no network, few rights."""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from pathlib import Path

from autograder.sandbox.inside import landlock

ROOT = Path(__file__).resolve().parent.parent

_DOCKER = (
    "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP "
    "NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE"
)
"""Capabilities that Docker leaves to root."""


def in_container(
    command: list[str], *, without: tuple[str, ...] = (), network: bool = False
) -> list[str]:
    """``command`` as root of a container that has Docker's capabilities but those ``without``.

    Its /run and /dev/shm are its own, no control group is delegated, and everyone may enter the
    folder that Python is installed in.
    """
    home = Path.home()
    wall = ["bwrap", "--die-with-parent", "--dev-bind", "/", "/", "--unshare-pid"]
    wall += ["--unshare-ipc", "--proc", "/proc", "--cap-drop", "ALL"]
    for name in _DOCKER.split():
        wall += ["--cap-add", f"CAP_{name}"] if name not in without else []
    wall += [] if network else ["--unshare-net"]
    for place, rights in ((home, "0755"), (Path("/run"), "0755"), (Path("/dev/shm"), "1777")):
        wall += ["--perms", rights, "--tmpfs", str(place)]
    wall += ["--tmpfs", "/sys/fs/cgroup"] if Path("/sys/fs/cgroup").is_dir() else []
    needed = {Path(sys.prefix), Path(sys.base_prefix), ROOT}
    for path in sorted(p for p in needed if p.is_relative_to(home)):
        for parent in sorted(p for p in path.parents if home in p.parents):
            wall += ["--perms", "0755", "--dir", str(parent)]
        wall += ["--ro-bind", str(path), str(path)]
    return [*wall, "--chdir", str(ROOT), "--", *command]


@cache
def lacking() -> str:
    """Why no such container can be made here; empty where it can."""
    if os.geteuid() != 0:
        return "only root can be the root of a container"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    return "" if landlock.abi() else "the kernel has no Landlock"
