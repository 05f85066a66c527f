"""What the tests of ``kata`` share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from autograder.kata.workspace import Workspace

KATA = [sys.executable, "-m", "autograder.kata.cli"]
GOOD = "def double(x):\n    return 2 * x\n"
BAD = "def double(x):\n    return 3 * x\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(**changes: str) -> dict[str, str]:
    """This environment without what would change the command's ways."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KATA_", "NO_COLOR", "LINES"))}
    return {
        **kept,
        "COLUMNS": "100",
        "TERM": "xterm",
        "PYTHONUTF8": "1",
        "LOGNAME": "ann",
        **changes,
    }


def write(space: Workspace, id: str, text: str | bytes) -> Path:
    """Save an exercise's file as an editor does."""
    path = space.path(space.course.exercise(id))
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
