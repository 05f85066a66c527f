"""A workspace of the toy course, and the command as its user types it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from autograder.kata import setup, workspace
from autograder.kata.workspace import Workspace
from autograder.outline import Course
from tests.kata.kata_support import KATA, Run, environment


@pytest.fixture
def space(toy: Course, tmp_path: Path) -> Workspace:
    """A workspace of the toy course, in a folder whose name holds a blank."""
    root = tmp_path / "my kata"
    setup.init(root, toy, str(toy.root))
    return workspace.find(root)


@pytest.fixture
def kata(space: Workspace) -> Run:
    """``kata("check", "double")`` in the workspace."""

    def run(
        *arguments: str, cwd: Path | None = None, mode: str = "fork", **options: Any
    ) -> subprocess.CompletedProcess[str]:
        env = environment(KATA_WORKERS=mode, **options.pop("env", {}))
        return subprocess.run(
            [*KATA, *arguments],
            cwd=cwd or space.root,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=200,
            stdin=subprocess.DEVNULL,
            **options,
        )

    return run
