"""``kata open``: the student's editor, or JupyterLab."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.errors import KataError
from autograder.kata.workspace import Workspace
from autograder.outline import Exercise


class NoEditor(KataError):
    """Nothing was found to open a file with; the message says what to set."""


def command(path: Path) -> list[str]:
    """What opens ``path``: ``$VISUAL``, ``$EDITOR``, VS Code, or what the system opens it with."""
    for name in ("VISUAL", "EDITOR"):
        value = os.environ.get(name, "").strip()
        if value:
            return [*shlex.split(value, posix=os.name == "posix"), str(path)]
    if shutil.which("code"):
        return ["code", "--reuse-window", str(path)]
    if sys.platform == "darwin":
        return ["open", "-t", str(path)]
    if sys.platform == "win32":
        return ["notepad", str(path)]
    for name in ("sensible-editor", "nano", "vi"):
        if shutil.which(name):
            return [name, str(path)]
    raise NoEditor(f"no editor was found. Set EDITOR, or open {path} yourself.")


def open_exercise(workspace: Workspace, exercise: Exercise, lab: bool) -> None:
    """Open the file (made from the stub if it is gone); :class:`NoEditor` where nothing can."""
    path = workspace.path(exercise)
    if lab:
        if not _has_lab():
            raise NoEditor("JupyterLab is not installed: pip install 'kata-course[notebook]'")
        shown = workspace.notebook(exercise) or path
        run = [sys.executable, "-m", "jupyterlab", str(shown.relative_to(workspace.root))]
    else:
        if not path.exists():
            workspace.reset(exercise)
        run = command(path)
    try:
        code = subprocess.run(run, cwd=workspace.root, check=False).returncode
    except OSError as error:
        raise NoEditor(f"{run[0]} does not start: {error.strerror or error}.") from None
    if code:
        raise NoEditor(f"{shlex.join(run)} ended with exit code {code}.")


def _has_lab() -> bool:
    import importlib.util

    return importlib.util.find_spec("jupyterlab") is not None
