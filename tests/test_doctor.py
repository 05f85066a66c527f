"""`autograde doctor`: what it finds, and the fix for what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.commands import doctor
from autograder.commands.app import app
from autograder.sandbox import bubblewrap


@pytest.mark.usefixtures("walls")
def test_a_machine_that_can_grade(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["doctor", "--out", str(tmp_path)])
    assert done.exit_code == 0 and "This machine can grade." in done.output
    for name in ("Python", "sandbox", "cores", "GPU", "start methods", "pytest", "torch"):
        assert name in done.output


def test_without_bubblewrap_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bubblewrap, "probe", lambda: "bubblewrap is not installed")
    done = CliRunner().invoke(app, ["doctor", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "MISSING" in done.output and "This machine cannot grade yet." in done.output
    line, *_ = doctor._walls()
    assert "sudo apt-get install bubblewrap" in line.fix


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)
    line = doctor._writable("output folder", tmp_path / "deep" / "out")
    assert line.state == "missing" and str(tmp_path) in line.found and "--out" in line.fix


@pytest.mark.usefixtures("walls")
def test_a_sandbox_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "command", lambda *_, **__: ["false"])
    line, *_ = doctor._walls()
    assert line.state == "missing" and "did not start" in line.found


def test_what_bounds_a_submission_is_said() -> None:
    kinds = ("memory", "processes", "CPU time", "stopping")
    line = doctor._bounds([(kind, "cgroup v2") for kind in kinds])
    assert line.state == "ok" and not line.fix and "stopping: cgroup v2" in line.found
    line = doctor._bounds([(kind, "cgroup v1") for kind in kinds[:3]] + [("stopping", "signals")])
    assert line.state == "note" and "systemd-run" in line.fix and "stopping: signals" in line.found
