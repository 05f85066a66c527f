"""Why no wall can be built on this machine, as far as its settings tell, and how to fix it."""

from __future__ import annotations

from pathlib import Path

from autograder.sandbox import bubblewrap

INSTALL = "sudo apt-get install bubblewrap (Fedora: sudo dnf install bubblewrap)"

_SETTINGS = (
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor keeps programs from making user namespaces (Ubuntu 24.04 and later)",
        "kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    (
        "kernel/unprivileged_userns_clone",
        "0",
        "the kernel gives user namespaces to root only",
        "kernel.unprivileged_userns_clone=1",
    ),
    (
        "user/max_user_namespaces",
        "0",
        "user namespaces are turned off",
        "user.max_user_namespaces=15000",
    ),
)
_CONTAINERS = (".dockerenv", "run/.containerenv", "run/systemd/container")
_IN_CONTAINER = (
    "start the container with `--security-opt seccomp=unconfined --security-opt "
    "apparmor=unconfined --security-opt systempaths=unconfined --cap-add SYS_ADMIN`, or without a "
    "network and grade with `--walls container` (docs/containers.md)"
)


def fix(reason: str, root: Path = Path("/")) -> str:
    """How to fix that ``reason`` (of :func:`~autograder.sandbox.bubblewrap.probe`) is in the way.

    ``root`` is where /proc and the marks of containers are looked for.
    """
    if "not installed" in reason:
        return INSTALL
    if "needs Linux" in reason:
        return "grade on Linux, in WSL 2 or in a virtual machine"
    if bubblewrap.SETUID in reason:
        return (
            "install bubblewrap 0.11.2 or later, or take the bit away where users may make "
            "namespaces: sudo chmod u-s $(command -v bwrap)"
        )
    fixes = []
    for name, off, why, setting in _SETTINGS:
        if _read(root / "proc/sys" / name) == off:
            fixes.append(
                f"{why}: sudo sysctl -w {setting} (to keep it: put {setting} into "
                "/etc/sysctl.d/60-kata.conf)"
            )
    if any((root / name).exists() for name in _CONTAINERS):
        fixes.append(f"this is a container: {_IN_CONTAINER}")
    return "; ".join(fixes) or (
        "bubblewrap is installed, and something keeps it from making namespaces: a container, "
        f"AppArmor, SELinux or a seccomp filter. In a container: {_IN_CONTAINER}"
    )


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, ValueError):
        return ""
