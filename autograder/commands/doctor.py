"""`autograde doctor`: what this machine can do, and the fix for what it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from autograder.commands.options import NetworkOption, WallsOption
from autograder.model import Walls

if TYPE_CHECKING:
    from autograder.command_line import probe

_PACKAGES = ("pytest", "pytest-timeout", "numpy", "torch", "nbgrader", "jupyterlab", "msgpack")
_OPTIONAL = ("nbgrader", "jupyterlab")

State = Literal["ok", "missing", "note", "info"]
"""``missing``: grading needs it. ``info``: neither good nor bad."""

_STATES: dict[State, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "missing": ("MISSING", "bold red"),
    "note": ("note", "yellow"),
    "info": ("info", "dim"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing looked at; ``fix`` says what to do, or what follows from it."""

    name: str
    state: State
    value: str
    fix: str = ""


def examine(out: Path, walls: Walls) -> Iterator[Row]:
    """Everything that doctor looks at, of a machine that grades behind such walls."""
    import tempfile

    from autograder.command_line import probe

    yield _python(probe.python())
    yield from _sandbox(probe.sandbox(walls))
    yield from _machine(probe.machine())
    for name in _PACKAGES:
        yield _package(probe.package(name))
    yield _folder("output folder", probe.folder(out))
    yield _folder("temporary folder", probe.folder(Path(tempfile.gettempdir())))
    yield from _timing(probe.timing())


def _python(python: probe.Python) -> Row:
    version = f"{python.implementation} {python.version}"
    if python.supported:
        return Row("Python", "ok", version)
    return Row("Python", "missing", version, "install 3.11+")


def _sandbox(sandbox: probe.Sandbox) -> list[Row]:
    worker = sandbox.worker
    if worker is None:
        return [Row("sandbox", "missing", sandbox.reason, sandbox.fix)]
    if worker.error:
        words = worker.error.rpartition("\n")[2]
        remedy = "reinstall that package" if "does not load here" in words else "report this"
        return [Row("sandbox", "missing", words[-400:], remedy)]
    mode = "as root, workers as an unprivileged user" if sandbox.as_root else "unprivileged"
    rows = [Row("sandbox", "ok", f"{_walls(sandbox)} ({mode})"), _bounds(worker)]
    if sandbox.walls is Walls.CONTAINER_NETWORK:
        effect = "submissions reach whatever this container reaches; you accepted it"
        rows.append(Row("network", "note", "the container has a route out", effect))
    return rows


def _walls(sandbox: probe.Sandbox) -> str:
    files = f"Landlock {sandbox.landlock}" if sandbox.landlock else "no Landlock"
    if sandbox.walls.container:
        return f"this container; a user for each worker, {files}; seccomp; limits"
    return f"bubblewrap; user, pid, mount, net, ipc, uts namespaces; {files}; seccomp; limits"


def _bounds(worker: probe.Worker) -> Row:
    """What holds a submission's whole tree of processes to its limits, and what could."""
    value = "; ".join(f"{what}: {how}" for what, how in worker.bounds)
    if all(how.startswith("cgroup") for _, how in worker.bounds):
        return Row("limits", "ok", value)
    fix = (
        "marks are right, but a submission can take more for a moment. For control groups: "
        "`systemd-run --user --scope autograde …`, or root with a writable /sys/fs/cgroup"
    )
    return Row("limits", "note", value, fix)


def _machine(machine: probe.Machine) -> Iterator[Row]:
    if machine.cores >= 2:
        yield Row("cores", "ok", str(machine.cores))
    else:
        yield Row("cores", "note", "1", "checks that need two cores are deferred")
    if machine.gpu:
        yield Row("GPU", "ok", "found")
    else:
        yield Row("GPU", "note", "none", "GPU checks are deferred: points stay open, not lost")
    yield Row("start methods", "ok", ", ".join(machine.start_methods))


def _package(package: probe.Package) -> Row:
    if package.version is not None:
        return Row(package.name, "ok", package.version)
    from autograder import packages

    if package.name in packages.COURSE:
        fix = f"exercises that need it cannot be graded: {packages.COURSE_FIX}"
        return Row(package.name, "note", "not installed", fix)
    if package.name in _OPTIONAL:
        return Row(package.name, "note", "not installed", "pip install 'kata-autograder[notebook]'")
    return Row(package.name, "missing", "not installed", f"pip install {package.name}")


def _folder(name: str, folder: probe.Folder) -> Row:
    if folder.writable:
        return Row(name, "ok", f"{folder.path} can be written")
    return Row(name, "missing", f"{folder.place} cannot be written", "choose another with --out")


def _timing(settings: Iterator[probe.Setting]) -> Iterator[Row]:
    words = "marks compare times taken side by side; these settings make them more or less steady"
    yield Row("timing", "info", words)
    for setting in settings:
        yield Row(setting.name, "info", setting.value, setting.effect)


def doctor(
    out: Annotated[Path, typer.Option(help="Check that this output folder can be written.")] = Path(
        "out"
    ),
    walls: WallsOption = None,
    network: NetworkOption = False,
) -> None:
    """Show what this machine can do and how to fix what is missing.

    Exit with code 1 if it cannot grade.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from autograder.sandbox import tiers

    rows = list(examine(out, tiers.asked(walls, network)))
    console = Console()
    table = Table.grid(padding=(0, 2))
    for row in rows:
        word, style = _STATES[row.state]
        lines = [f"{row.name}: {row.value}"]
        if row.fix:
            lines.append(f"How to fix it: {row.fix}" if row.state == "missing" else row.fix)
        for line in lines:
            table.add_row(Text(word, style=style), Text(line))
            if not console.is_terminal:  # a log has no edge to wrap at
                print(f"{word:<7}  {line}")
            word = ""
    if console.is_terminal:
        console.print(table)
    bad = any(row.state == "missing" for row in rows)
    print("This machine cannot grade yet." if bad else "This machine can grade.")
    raise typer.Exit(1 if bad else 0)
