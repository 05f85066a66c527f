"""``kata doctor``: what works on this machine, with the fix for what does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from autograder import packages
from autograder.command_line import probe
from autograder.kata import editor
from autograder.kata.lines import Kind, Line
from autograder.kata.progress import ProgressError
from autograder.kata.terminal import Screen
from autograder.kata.workspace import Workspace, WorkspaceError, find
from autograder.model import Walls
from autograder.sandbox import unwalled
from autograder.sandbox.spawned import SpawnedZygote
from autograder.sandbox.zygote import Zygote


def run(screen: Screen) -> int:
    """Look at everything; exit code 1 where exercises could not be checked."""
    lines = list(examine())
    screen.show(lines)
    bad = any(line.kind == "bad" for line in lines)
    end = "Not ready: fix the problems above first." if bad else "Ready: exercises can be checked."
    screen.show([Line("summary", end)])
    return int(bad)


def examine() -> Iterator[Line]:
    """One line for each thing looked at, its fix below it."""
    python = probe.python()
    yield Line("good", f"{python.implementation} {python.version}", "ok")
    yield from _worker()
    yield from _workspace()
    yield from _packages()
    try:
        words = " ".join(editor.command(Path("FILE")))
        yield Line("good", f"Editor: {words}", "ok")
    except editor.NoEditor as error:
        yield Line("open", str(error), "note")


def _worker() -> Iterator[Line]:
    mode = unwalled.mode()
    zygote = (
        SpawnedZygote("plain", ahead=0) if mode == "spawn" else Zygote("plain", walls=Walls.NONE)
    )
    worker = probe.worker(zygote, 20)
    if worker.error:
        yield Line("bad", f"No worker starts: {worker.error}"[:400], "missing")
        yield Line("message", "Please report this, with the line above.", level=1)
        return
    how = "forked from a warm one" if mode == "fork" else "a fresh interpreter each"
    yield Line("good", f"Workers run your code ({how})", "ok")


def _workspace() -> Iterator[Line]:
    try:
        workspace = find()
    except WorkspaceError as error:
        yield Line("open", str(error), "note")
        return
    yield Line("good", f"Workspace {workspace.root}", "ok")
    yield from _progress(workspace)
    missing = [e.id for e in workspace.course.exercises if not workspace.path(e).is_file()]
    if missing:
        shown = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")
        yield Line("open", f"No file for {shown}", "note")
        yield Line("message", f"`kata init {workspace.root}` adds what is missing.", level=1)


def _progress(workspace: Workspace) -> Iterator[Line]:
    try:
        count = sum(bool(s.done) for s in workspace.progress.standings().values())
    except ProgressError as error:
        yield Line("bad", str(error), "note")
        return
    place = workspace.folder if workspace.folder.is_dir() else workspace.root
    if probe.folder(place).writable:
        yield Line("good", f"Progress is kept ({count} passed)", "ok")
    else:
        yield Line("open", f"{place} cannot be written: progress is not kept", "note")


_PACKAGES: dict[str, tuple[Kind, str]] = {
    "numpy": ("bad", "pip install numpy"),
    "torch": ("open", f"{packages.COURSE_FIX}; exercises that need it cannot be checked"),
    "watchfiles": ("bad", "pip install watchfiles"),
    "IPython": ("open", "pip install 'kata-course[notebook]' for notebooks"),
    "jupyterlab": ("open", "pip install 'kata-course[notebook]' for `kata open --lab`"),
}
"""What is said of each package that is missing."""


def _packages() -> Iterator[Line]:
    for name, (kind, fix) in _PACKAGES.items():
        if probe.package(name).version is not None:
            yield Line("good", name, "ok")
        else:
            yield Line(kind, f"{name} is not installed: {fix}", "missing")
