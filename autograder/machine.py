"""What this machine can do for a run: cores, a GPU."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CAPABILITIES = ("gpu", "cores")
"""What an exercise may need of a machine; its other needs are packages."""


@cache
def has(capability: str) -> bool:
    """Whether this machine has ``gpu`` or ``cores`` (two or more usable ones)."""
    if capability == "cores":
        return cores() >= 2
    if capability == "gpu":
        return _gpu()
    return True


@cache
def cores() -> int:
    """Whole cores that this run may use at a time, at least one.

    A container may see every core and be given the time of a few: what runs in parallel is then
    no faster than that.
    """
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    return max(1, min(count, int(_share())))


def hierarchies() -> Iterator[tuple[frozenset[str], Path, Path]]:
    """Controllers (none: version 2), mount point and the folder of this process's own group."""
    own = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        own[frozenset(filter(None, controllers.split(",")))] = path
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.split(" ", 2)
        if not kind.startswith("cgroup"):
            continue
        root, mount = before.split()[3:5]
        for names, group in own.items():
            mine = names <= set(options.split(",")) if names else kind == "cgroup2"
            below = os.path.relpath(group, root)
            if mine and not below.startswith("..") and "/.." not in group:
                yield names, Path(mount), Path(mount, below)


def _share() -> float:
    """How many cores' worth of time the control groups around this process leave it."""
    share = float("inf")
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):
            for controllers, mount, own in hierarchies():
                if controllers and "cpu" not in controllers:
                    continue
                for folder in (own, *own.parents):
                    if folder.is_relative_to(mount):
                        share = min(share, _quota(folder))
    return min(share, 1 << 16)


def _quota(folder: Path) -> float:
    """The share that one control group sets, of version 2 or 1; infinite where it sets none."""
    with contextlib.suppress(OSError, ValueError):
        if (folder / "cpu.max").exists():
            quota, period = (folder / "cpu.max").read_text().split()
        else:
            quota = (folder / "cpu.cfs_quota_us").read_text()
            period = (folder / "cpu.cfs_period_us").read_text()
        if quota.strip() != "max" and int(quota) > 0:
            return int(quota) / int(period)
    return float("inf")


def _gpu() -> bool:
    # Asked of the driver, not of torch: the judge must not load gigabytes to say no.
    if not any(os.access(node, os.R_OK | os.W_OK) for node in Path("/dev").glob("nvidia[0-9]*")):
        return False
    chosen = os.environ.get("CUDA_VISIBLE_DEVICES")
    hidden = chosen is not None and (not chosen.strip() or chosen.strip().startswith("-"))
    return not hidden and _torch_knows_gpus()


def _torch_knows_gpus() -> bool:
    """Whether torch was built for them, by its version file; True where that does not say."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        spec = importlib.util.find_spec("torch")
        if spec is not None and spec.origin is not None:
            text = Path(spec.origin).with_name("version.py").read_text(encoding="utf-8")
            return re.search(r"^cuda\b.*= *None$", text, re.MULTILINE) is None
    return True
