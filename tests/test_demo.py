"""`make demo` goes on to its end: the sample class has an archive that is refused (exit code 3)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize(("graded", "ends"), [(0, True), (3, True), (2, False), (1, False)])
def test_a_refused_archive_does_not_end_the_demo(tmp_path: Path, graded: int, ends: bool) -> None:
    """With stand-ins for the programs, and an environment that is made already."""
    for name, does in {
        "autograde": f'[ "$1" = grade ] || exit 0; mkdir -p demo-out; exit {graded}',
        "nbgrader": "echo student > grades.csv",
    }.items():
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
    for name in ("Makefile", "scripts"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "demo-out/nbgrader").mkdir(parents=True)
    for name in ("pyproject.toml", "constraints.txt", "installed"):
        (tmp_path / name).write_text("")
    done = subprocess.run(
        ["make", "demo", f"BIN={tmp_path / 'bin'}", f"STAMP={tmp_path / 'installed'}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) is ends, done.stdout + done.stderr
    assert ("nbgrader export" in done.stdout) is ends
