"""The wall: one bubblewrap around a zygote, and what it takes to put it up.

Inside: the interpreter and its packages read-only, no network, a cleared environment,
private /tmp and /dev/shm. Of this project only ``autograder/sandbox/inside`` is there: the
rest of the installed package, the course and whatever else is called a secret is masked
where it would lie inside a bound folder (:mod:`autograder.sandbox.masking`).
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder.environment import MATH, PYTHON, gpus, python_path, starting
from autograder.errors import KataError
from autograder.sandbox import masking
from autograder.sandbox.masking import PACKAGE

SANDBOX_UID = 64_000
"""First of the user ids that zygotes run under when the judge is root; they own nothing."""
_HIGH_UID = 1_900_000_000  # above all that systemd's list of uses knows ("Users, Groups, UIDs")

SETUID = "setuid root"
SAFE_SETUID = (0, 11, 2)
"""The first bubblewrap that may be setuid root: before it, CVE-2026-41163."""

_MOUNT_POINT = "/kata"
_WITHIN = {"walls": "namespaces", "mounted": _MOUNT_POINT}

SCRATCH_PLACES = (Path("/tmp"), Path("/dev/shm"))
"""Where a worker gets file systems of its own; an interpreter installed there is kept in sight."""


_ETC = ("ld.so.cache", "ld.so.conf", "localtime", "mime.types", "ssl/openssl.cnf")
# Debian's libblas and liblapack are links through the last one.
SYSTEM_FILES = tuple(Path("/etc", name) for name in (*_ETC, "alternatives"))
"""What libraries read of the system's settings."""


class SandboxUnavailable(KataError):
    """No wall can be built on this machine; the message says why and how to fix it."""


def python_folders() -> list[Path]:
    """Folders that the interpreter and its packages are read from."""
    roots = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    roots += [str(Path(sys.executable).resolve().parent.parent)]
    # Packages are found through the modules, not sys.path: an editable install would put the
    # project itself there.
    for name in ("msgpack", "numpy", "torch"):
        spec = sys.modules.get(name)
        if spec is not None and spec.__file__:
            roots.append(str(Path(spec.__file__).parent.parent))
    useless = {Path("/")}
    with contextlib.suppress(RuntimeError):  # a user without an entry, and no HOME
        useless.add(Path.home())
    return [root for root in {Path(r) for r in roots} if root not in useless and root.is_dir()]


def python_roots() -> list[Path]:
    """Those of these folders that nothing else brings into sight, outermost first."""
    roots: list[Path] = []
    for root in sorted(python_folders(), key=lambda p: len(p.parts)):
        if not any(root.is_relative_to(seen) for seen in [*roots, Path("/usr")]):
            roots.append(root)
    return roots


def _devices(gpu: bool) -> list[str]:
    if not gpu:
        return []
    nodes = sorted(Path("/dev").glob("nvidia*"))
    return [a for node in nodes for a in ("--dev-bind", str(node), str(node))]


def mapped(uid: int) -> bool:
    """Whether this user namespace has such an id, for users and for groups."""
    for name in ("uid_map", "gid_map"):
        rows = [row.split() for row in Path("/proc/self", name).read_text().splitlines()]
        if not any(int(first) <= uid < int(first) + int(count) for first, _, count in rows):
            return False
    return True


def user(slot: int | None, trusted: bool) -> int:
    """The user id of a zygote under root: of this process's own, unless a ``slot`` is given.

    The kernel counts processes by user, over all runs on the machine: two of one user would take
    them from each other.
    """
    own = _HIGH_UID + 2 * os.getpid() + trusted
    if slot is None and mapped(own):
        return own
    slot = os.getpid() if slot is None else slot
    return SANDBOX_UID + (2 * slot + trusted) % 1024


def _parents(paths: Iterable[Path]) -> list[str]:
    """Make the folders above each mount; bubblewrap's own would be closed to other users."""
    above = {parent for path in paths for parent in path.parents if len(parent.parts) > 1}
    above -= {*SCRATCH_PLACES, Path("/dev")}
    ordered = sorted(above, key=lambda p: len(p.parts))
    return [a for folder in ordered for a in ("--perms", "0755", "--dir", str(folder))]


def _system_mounts() -> list[str]:
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    arguments += _parents(SYSTEM_FILES)
    for path in SYSTEM_FILES:
        arguments += ["--ro-bind-try", str(path), str(path)]
    return arguments


def environment(inside: bool = True) -> dict[str, str]:
    """The whole environment of a sandbox; one math thread, so that marks do not flicker."""
    values = MATH | {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",
        "TMPDIR": "/tmp",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "USER": "student",
        "TORCHINDUCTOR_CACHE_DIR": "/tmp/inductor",
    }
    if not inside:
        del values["HOME"], values["TMPDIR"]
    return values


def _bwrap() -> str:
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxUnavailable(
            "bubblewrap is not installed: `sudo apt-get install bubblewrap` "
            "(Fedora: `sudo dnf install bubblewrap`)"
        )
    return bwrap


def command(
    profile: str,
    control: int,
    *,
    secrets: Iterable[Path] = (),
    gpu: bool = False,
    uid: int = 0,
    shared: bool = False,
) -> list[str]:
    """The bubblewrap command line for a zygote whose control socket is descriptor ``control``.

    With ``shared`` it is a root, whose forks are zygotes; each of them is told its user.
    """
    bwrap, root = _bwrap(), os.geteuid() == 0
    options = {"profile": profile, "control": control, "shared": shared, **_WITHIN}
    arguments = [bwrap, "--die-with-parent", "--new-session", "--clearenv", "--as-pid-1"]
    arguments += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--hostname", "sandbox"]
    if root and not shared:
        # The user ids outside count: the kernel exempts root's own id from process limits.
        options["uid"] = uid or user(None, trusted=False)
    if root:
        for capability in ("CAP_SETUID", "CAP_SETGID"):
            arguments += ["--cap-add", capability]
    else:
        arguments += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    roots = python_roots()
    options["keep"] = [str(r) for r in roots if any(r.is_relative_to(t) for t in SCRATCH_PLACES)]
    package = Path(_MOUNT_POINT, "autograder")
    inside = package / "sandbox" / "inside"
    arguments += [*_system_mounts(), "--proc", "/proc", "--dev", "/dev", *_devices(gpu)]
    for place in SCRATCH_PLACES:
        arguments += ["--perms", "1777", "--tmpfs", str(place)]
    arguments += _parents([*roots, inside])
    for path in roots:
        arguments += ["--ro-bind", str(path), str(path)]
    try:
        arguments += masking.arguments(roots, secrets, python_folders())
    except masking.Exposed as error:
        raise SandboxUnavailable(str(error)) from None
    for folder in (package, inside.parent):
        arguments += ["--ro-bind", "/dev/null", f"{folder}/__init__.py"]
    arguments += ["--ro-bind", str(PACKAGE / "sandbox" / "inside"), str(inside)]
    # Without root the submission's user owns these: it could leave something for the next one.
    arguments += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    values = environment() | {"PYTHONPATH": python_path(Path(_MOUNT_POINT))}
    for name, value in (values | (gpus() if gpu else {})).items():
        arguments += ["--setenv", name, value]
    arguments += ["--", *PYTHON, "-m", "autograder.sandbox.inside.zygote"]
    return [*arguments, json.dumps(options)]


def unwalled_command(profile: str, control: int) -> tuple[list[str], dict[str, str]]:
    """The same zygote without a wall, and its environment (``--unsafe-no-sandbox``)."""
    options = {"profile": profile, "control": control, "walls": "none", "mounted": ""}
    start = [*PYTHON, "-m", "autograder.sandbox.inside.zygote", json.dumps(options)]
    return start, unwalled_environment()


def unwalled_environment() -> dict[str, str]:
    """The environment of a worker without a wall."""
    values = environment(inside=False) | starting() | gpus()
    return values | {"PYTHONPATH": python_path(PACKAGE.parent)}


def _older(bwrap: str) -> str:
    """The version of a bubblewrap that must not be setuid; empty from :data:`SAFE_SETUID` on."""
    try:
        said = subprocess.run(
            [bwrap, "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    found = re.search(r"\d+(?:\.\d+)+", said)
    if found is None:
        return "of a version that it does not tell"
    if tuple(map(int, found[0].split("."))) < SAFE_SETUID:
        return f"version {found[0]}"
    return ""


@functools.cache
def probe() -> str:
    """Empty if a wall can be built here, else the reason, in words for a person."""
    if sys.platform != "linux":
        return f"the sandbox needs Linux; this is {sys.platform}"
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return "bubblewrap is not installed"
    if Path(bwrap).stat().st_mode & stat.S_ISUID and (older := _older(bwrap)):
        return f"bubblewrap is {SETUID} and {older} (CVE-2026-41163)"
    trial = [bwrap, "--ro-bind", "/", "/", "--unshare-pid", "--unshare-net", "--proc", "/proc"]
    if os.geteuid() != 0:
        trial += ["--unshare-user"]
    try:
        done = subprocess.run(
            [*trial, "true"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not run: {error}"
    return "" if done.returncode == 0 else f"bubblewrap is refused: {done.stderr.strip()[:300]}"
