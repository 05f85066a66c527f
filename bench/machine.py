"""Which machine and which versions the figures are of."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from importlib import metadata
from typing import Any

import psutil

_PACKAGES = ("nbgrader", "nbconvert", "ipykernel", "torch", "numpy", "pytest")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as info:
            for line in info:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "absent"


def facts() -> dict[str, Any]:
    """What a reader needs to place the figures; the load is that before the benchmarks."""
    bwrap = shutil.which("bwrap")
    wall = (
        subprocess.run([bwrap, "--version"], capture_output=True, text=True, check=False)
        if bwrap
        else None
    )
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "bubblewrap": wall.stdout.strip().removeprefix("bubblewrap ") if wall else "absent",
        "load": round(os.getloadavg()[0], 2),
        **{package: _version(package) for package in _PACKAGES},
    }
