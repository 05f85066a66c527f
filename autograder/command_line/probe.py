"""What this machine has and can do, as facts: ``autograde doctor`` and ``kata doctor`` show them.

Each function looks at one thing and returns what it saw; none raises for what is missing. How a
fact is shown, and how bad it is, each screen decides for its own reader.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import multiprocessing
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import machine as machine_
from autograder.model import Walls
from autograder.sandbox import tiers
from autograder.sandbox.endings import SandboxFault, WorkerEnded
from autograder.sandbox.inside import landlock
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.zygote import Zygote

UNKNOWN = "unknown"
"""The value of a setting that this machine does not tell."""


@dataclass(frozen=True, slots=True)
class Python:
    """The interpreter that runs this: ``CPython`` and ``3.12.3``."""

    implementation: str
    version: str
    supported: bool


@dataclass(frozen=True, slots=True)
class Worker:
    """Whether a worker starts. ``error`` says why not, empty where it does.

    ``bounds`` says of each limit what holds a submission to it: ``("memory", "cgroup v2")``.
    """

    error: str = ""
    bounds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Whether submissions can run behind walls. ``reason`` says why none can be built and ``fix``
    what to do; both are empty where ``worker`` was started behind one. ``landlock`` is the version
    of the kernel's interface, 0 without one."""

    walls: Walls = Walls.NAMESPACES
    reason: str = ""
    fix: str = ""
    worker: Worker | None = None
    as_root: bool = False
    landlock: int = 0


@dataclass(frozen=True, slots=True)
class Machine:
    """``cores`` that a run may use at a time, and ways in which Python can start processes."""

    cores: int
    gpu: bool
    start_methods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A package of Python; ``version`` is None where it is not installed."""

    name: str
    version: str | None


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder to write to. ``place`` is the part of its path that is there."""

    path: Path
    place: Path
    writable: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the machine, and what it does to times; ``effect`` is empty where nothing."""

    name: str
    value: str
    effect: str = ""


def python() -> Python:
    """The interpreter."""
    supported = platform.python_version_tuple() >= ("3", "11")
    return Python(platform.python_implementation(), platform.python_version(), supported)


def worker(zygote: Any, wall: float) -> Worker:
    """Have ``zygote`` start a worker that may take ``wall`` seconds, and end both."""
    try:
        started = zygote.worker(Limits(wall=wall))
        started.load({"name": "probe", "source": b"", "files": {}})
        bounds = tuple(started.bounds.described())
        started.close()
    except (SandboxFault, WorkerEnded, OSError) as error:
        return Worker(str(error).strip() or type(error).__name__)
    finally:
        zygote.close()
    return Worker(bounds=bounds)


def sandbox(walls: Walls = Walls.NAMESPACES) -> Sandbox:
    """The walls that were asked for, and a worker behind them."""
    problem = tiers.problem(walls)
    if problem is not None:
        return Sandbox(walls, problem.reason, problem.fix)
    # The kind of exercise that imports most: a package that does not load in there is seen here.
    started = worker(Zygote("torch", walls=walls), 5)
    walls = tiers.built(walls)
    return Sandbox(walls, worker=started, as_root=os.geteuid() == 0, landlock=landlock.abi())


def machine() -> Machine:
    """Cores, GPU and start methods."""
    methods = tuple(multiprocessing.get_all_start_methods())
    return Machine(machine_.cores(), machine_.has("gpu"), methods)


def package(name: str) -> Package:
    """A package by its name on PyPI. It is looked up, not imported: torch would take seconds."""
    try:
        return Package(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        there = importlib.util.find_spec(name.replace("-", "_")) is not None
        return Package(name, UNKNOWN if there else None)


def folder(path: Path) -> Folder:
    """Whether ``path`` can be written to, or made where it is not there yet."""
    place = path.resolve()
    while not place.exists():
        place = place.parent
    return Folder(path, place, os.access(place, os.W_OK))


# -- what makes times more or less steady -----------------------------------------------------


def timing(root: Path = Path("/")) -> Iterator[Setting]:
    """Settings that make measured times steadier or less so, as Linux tells them below ``root``."""
    yield _governor(root)
    yield _turbo(root)
    yield _huge_pages(root)
    yield _swap(root)
    yield _address_space(root)


def _governor(root: Path) -> Setting:
    places = (root / "sys/devices/system/cpu").glob("cpu[0-9]*/cpufreq/scaling_governor")
    values = " and ".join(sorted({_read(place) for place in places} - {""})) or UNKNOWN
    steady = values in ("performance", UNKNOWN)
    effect = "times vary with the clock; steadier: sudo cpupower frequency-set -g performance"
    return Setting("CPU governor", values, "" if steady else effect)


def _turbo(root: Path) -> Setting:
    cpu = root / "sys/devices/system/cpu"
    # Intel's driver says whether it is off, the others whether it is on.
    off, on = _read(cpu / "intel_pstate/no_turbo"), _read(cpu / "cpufreq/boost")
    state = {"0": "on", "1": "off"}.get(off) or {"0": "off", "1": "on"}.get(on) or UNKNOWN
    effect = "the clock drops when the machine gets warm or more cores are busy; off: "
    effect += "echo 1 | sudo tee " if off else "echo 0 | sudo tee "
    effect += "/sys/devices/system/cpu/"
    effect += "intel_pstate/no_turbo" if off else "cpufreq/boost"
    return Setting("turbo", state, effect if state == "on" else "")


def _huge_pages(root: Path) -> Setting:
    text = _read(root / "sys/kernel/mm/transparent_hugepage/enabled")
    _, bracket, rest = text.partition("[")
    value = rest.partition("]")[0] if bracket else UNKNOWN
    effect = "memory is handed out 2 MiB at a time, which takes longer now and then; "
    effect += "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"
    return Setting("transparent huge pages", value, effect if value == "always" else "")


def _swap(root: Path) -> Setting:
    if not (root / "proc/swaps").is_file():
        return Setting("swap", UNKNOWN)
    areas = [line.split() for line in _read(root / "proc/swaps").splitlines()[1:]]
    size = sum(int(area[2]) for area in areas if len(area) > 2 and area[2].isdigit())
    if not size:
        return Setting("swap", "none")
    effect = "what was swapped out takes long to come back; off: sudo swapoff -a"
    return Setting("swap", f"{size / (1 << 20):.1f} GiB", effect)


def _address_space(root: Path) -> Setting:
    value = _read(root / "proc/sys/kernel/randomize_va_space")
    state = {"0": "off", "1": "on, without the heap", "2": "on"}.get(value, UNKNOWN)
    effect = "each process has another layout in memory, and times differ a little: keep it, it "
    effect += "protects the machine; measurements take the median of several processes"
    return Setting("address space randomisation", state, effect if state.startswith("on") else "")


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, ValueError):
        return ""
