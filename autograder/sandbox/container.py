"""The second tier of walls: within a container that refuses user namespaces (plain Docker).

The container is one wall. Within it each worker is a user of its own that owns nothing, without
capabilities, held by ``no_new_privs``, the filter of system calls and Landlock rules for files.
docs/containers.md says what this promises, and what it does not.
"""

from __future__ import annotations

import contextlib
import json
import os
import site
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from autograder.environment import PYTHON, gpus
from autograder.sandbox import bubblewrap, masking, routes, visible
from autograder.sandbox.inside import landlock

CAPABILITIES = {
    "CHOWN": 0,
    "DAC_OVERRIDE": 1,
    "FOWNER": 3,
    "KILL": 5,
    "SETGID": 6,
    "SETUID": 7,
    "SETPCAP": 8,
}
"""Of root, that the judge needs: to give scratch folders away and take them back, to end others'
processes, to become workers' users and give up every capability. Docker grants them all."""

_ROOT = (
    "run the container as root (docker run --user 0; Kubernetes: securityContext.runAsUser: 0); "
    "submissions get users of their own"
)
_NETWORK = (
    "start the container without a network (docker run --network none; Kubernetes: a "
    "NetworkPolicy does not do), or pass --allow-network to accept that submissions reach it"
)


def problem(*, network: bool) -> tuple[str, str] | None:
    """Why workers cannot be walled in here, and how to fix it; None where they can.

    ``network`` accepts a way out.
    """
    if sys.platform != "linux":
        return f"the sandbox needs Linux; this is {sys.platform}", "grade in a Linux container"
    if os.geteuid() != 0:
        return "--walls container needs root, to give each worker a user of its own", _ROOT
    lacking = [name for name, number in CAPABILITIES.items() if not _capable(number)]
    if lacking:
        names = ", ".join(lacking)
        added = " ".join(f"--cap-add {name}" for name in lacking)
        return f"root lacks capabilities here: {names}", f"start the container with {added}"
    if not landlock.abi():
        return (
            "the kernel has no Landlock, which keeps workers from other files",
            "Linux 5.13 or later with `landlock` among the security modules of the kernel "
            "(CONFIG_LSM, or lsm=landlock,… on its command line), and a container runtime whose "
            "seccomp profile allows it (Docker 20.10.10 or later)",
        )
    closed = _closed_to_others()
    if closed:
        return (
            f"other users cannot enter {closed}, where Python or the temporary folder is",
            f"chmod o+x {closed}, or install Python and the packages elsewhere (set TMPDIR to "
            "another temporary folder)",
        )
    if not network and (ways := ways_out()):
        return f"the container has a network ({ways[0]})", _NETWORK
    return None


def command(
    profile: str, control: int, *, secrets: Iterable[Path] = (), gpu: bool = False, shared: bool
) -> tuple[list[str], dict[str, str], int]:
    """The command line of a zygote whose control socket is descriptor ``control``, its environment,
    and a descriptor to pass on and close: the rules for its workers, which are too long for an
    argument. :class:`~.bubblewrap.SandboxUnavailable` where a secret cannot be hidden.
    """
    try:
        exactly = visible.rules(secrets, gpu=gpu)
    except masking.Exposed as error:
        raise bubblewrap.SandboxUnavailable(str(error)) from None
    with tempfile.TemporaryFile("w", encoding="utf-8") as file:
        json.dump({"exactly": exactly, "roughly": visible.rough(gpu=gpu)}, file)
        file.flush()
        handle = os.dup(file.fileno())
    options = {"profile": profile, "control": control, "walls": "container", "shared": shared}
    options |= {"rules": handle, "mounted": _apart()}
    start = [*PYTHON, "-m", "autograder.sandbox.inside.zygote", json.dumps(options)]
    values = bubblewrap.unwalled_environment()
    return start, values if gpu else {k: v for k, v in values.items() if k not in gpus()}, handle


def _apart() -> str:
    """The folder that is on a worker's path for its own modules alone; or none: installed as a
    wheel, they lie among the packages that submissions import."""
    place = masking.PACKAGE.parent
    among = place in [Path(folder).resolve() for folder in site.getsitepackages()]
    return "" if among else str(place)


def ways_out() -> list[str]:
    """See :func:`.routes.out`."""
    return routes.out()


def _capable(number: int) -> bool:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text().splitlines()
        effective = next(line for line in lines if line.startswith("CapEff:"))
        return bool(int(effective.split()[1], 16) >> number & 1)
    return False


def _closed_to_others() -> str:
    """A folder that only its owner may enter, above the interpreter, its packages or the folder
    for temporary files; or none."""
    scratch = Path(tempfile.gettempdir())
    for folder in (*bubblewrap.python_folders(), scratch):
        for path in (folder.resolve(), *folder.resolve().parents):
            if not path.stat().st_mode & 0o001:
                return str(path)
    return ""
