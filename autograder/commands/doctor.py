"""`autograde doctor`: what this machine can do, and the fix for what it cannot."""

from __future__ import annotations

import importlib.metadata
import multiprocessing
import os
import platform
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.machine import cores, has
from autograder.sandbox import bubblewrap
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.remedy import fix
from autograder.sandbox.worker import SandboxFault, WorkerEnded
from autograder.sandbox.zygote import Zygote

_PACKAGES = ("pytest", "pytest-timeout", "numpy", "torch", "nbgrader", "jupyterlab", "msgpack")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at. ``state`` is ``ok``, ``missing`` (grading needs it) or ``note``."""

    name: str
    state: str
    found: str
    fix: str = ""


def examine(out: Path) -> list[Line]:
    """Everything that doctor looks at."""
    return [
        _python(),
        *_walls(),
        _cores(),
        _gpu(),
        Line("start methods", "ok", ", ".join(multiprocessing.get_all_start_methods())),
        *map(_package, _PACKAGES),
        _writable("output folder", out),
        _writable("temporary folder", Path(tempfile.gettempdir())),
    ]


def _python() -> Line:
    version = f"{platform.python_implementation()} {platform.python_version()}"
    good = platform.python_version_tuple() >= ("3", "11")
    return Line("Python", "ok" if good else "missing", version, "" if good else "install 3.11+")


def _walls() -> list[Line]:
    reason = bubblewrap.probe()
    if reason:
        return [Line("sandbox", "missing", reason, fix(reason))]
    # The kind of exercise that imports most: a package that does not load in there is seen here.
    zygote = Zygote("torch")
    try:
        worker = zygote.worker(Limits(wall=5))
        worker.load({"name": "probe", "source": b"", "files": {}})
        bounded = worker.bounds.described()
        worker.close()
    except (SandboxFault, WorkerEnded, OSError) as error:
        words = str(error).strip().rpartition("\n")[2]
        remedy = "install that package anew" if "does not load here" in words else "report this"
        return [Line("sandbox", "missing", words[-400:], remedy)]
    finally:
        zygote.close()
    mode = "as root, workers as an unprivileged user" if os.geteuid() == 0 else "unprivileged"
    walls = "bubblewrap; user, pid, mount, net, ipc, uts namespaces; seccomp; limits"
    return [Line("sandbox", "ok", f"{walls} ({mode})"), _bounds(bounded)]


def _bounds(bounded: list[tuple[str, str]]) -> Line:
    """What holds a submission's whole tree of processes to its limits, and what could."""
    found = "; ".join(f"{what}: {how}" for what, how in bounded)
    if all(how.startswith("cgroup") for _, how in bounded):
        return Line("limits", "ok", found)
    fix = (
        "marks are right, but a submission can take more for a moment. For control groups: "
        "`systemd-run --user --scope autograde …`, or root with a writable /sys/fs/cgroup"
    )
    return Line("limits", "note", found, fix)


def _cores() -> Line:
    count = cores()
    if count >= 2:
        return Line("cores", "ok", str(count))
    return Line("cores", "note", "1", "checks that need two cores are deferred")


def _gpu() -> Line:
    if has("gpu"):
        return Line("GPU", "ok", "found")
    return Line("GPU", "note", "none", "GPU checks are deferred: points stay open, not lost")


def _package(name: str) -> Line:
    try:
        return Line(name, "ok", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        optional = name in ("nbgrader", "jupyterlab")
        fix = "pip install 'kata-course[notebook]'" if optional else f"pip install {name}"
        return Line(name, "note" if optional else "missing", "not installed", fix)


def _writable(name: str, path: Path) -> Line:
    place = path.resolve()
    while not place.exists():
        place = place.parent
    if os.access(place, os.W_OK):
        return Line(name, "ok", f"{path} can be written")
    return Line(name, "missing", f"{place} cannot be written", "choose another with --out")


def doctor(
    out: Annotated[Path, typer.Option(help="Output folder to check.")] = Path("out"),
) -> None:
    """Show what this machine can do and how to fix what is missing; exit 1 if it cannot grade."""
    lines = examine(out)
    words = {"ok": ("ok", "green"), "missing": ("MISSING", "bold red"), "note": ("note", "yellow")}
    console = Console()
    table = Table.grid(padding=(0, 2))
    for line in lines:
        word, style = words[line.state]
        rows = [f"{line.name}: {line.found}"]
        if line.fix:
            rows.append(f"How to fix it: {line.fix}" if line.state == "missing" else line.fix)
        for row in rows:
            table.add_row(Text(word, style=style), Text(row))
            if not console.is_terminal:  # a log has no edge to wrap at
                print(f"{word:<7}  {row}")
            word = ""
    if console.is_terminal:
        console.print(table)
    bad = any(line.state == "missing" for line in lines)
    print("This machine cannot grade yet." if bad else "This machine can grade.")
    raise typer.Exit(1 if bad else 0)
