"""What is said where a sandbox is refused: the setting that is in the way, and how to change it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.commands.app import app
from autograder.sandbox import bubblewrap
from autograder.sandbox.remedy import fix
from tests.in_process import autograde

REFUSED = "bubblewrap is refused: bwrap: setting up uid map: Permission denied"


@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", "user.max_user_namespaces=15000"),
    ],
)
def test_the_setting_is_named(tmp_path: Path, name: str, value: str, setting: str) -> None:
    path = tmp_path / "proc/sys" / name
    path.parent.mkdir(parents=True)
    path.write_text(f"{value}\n")
    words = fix(REFUSED, tmp_path)
    assert f"sudo sysctl -w {setting}" in words and "install bubblewrap" not in words
    path.write_text("77\n")
    assert "sysctl" not in fix(REFUSED, tmp_path)


def test_a_container_is_named(tmp_path: Path) -> None:
    assert "this is a container" not in fix(REFUSED, tmp_path)
    (tmp_path / ".dockerenv").touch()
    assert "this is a container" in fix(REFUSED, tmp_path)
    assert "seccomp=unconfined" in fix(REFUSED, tmp_path)


def test_what_is_not_there_is_to_be_installed() -> None:
    assert "apt-get install bubblewrap" in fix("bubblewrap is not installed")
    assert "Linux" in fix("the sandbox needs Linux; this is darwin")


@pytest.mark.parametrize(
    ("version", "setuid", "words"),
    [
        ("0.11.1", True, "bubblewrap is setuid root and version 0.11.1 (CVE-2026-41163)"),
        ("0.8.0", True, "version 0.8.0"),
        ("no number", True, "a version that it does not tell"),
        ("0.11.2", True, ""),
        ("0.12", True, ""),
        ("1.0.0", True, ""),
        ("0.8.0", False, ""),
    ],
)
def test_an_old_bubblewrap_that_is_setuid_is_refused(
    version: str, setuid: bool, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bwrap"
    program.write_text(f'#!/bin/sh\n[ "$1" != --version ] || echo bubblewrap {version}\n')
    program.chmod(0o4755 if setuid else 0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(program))
    bubblewrap.probe.cache_clear()
    said = bubblewrap.probe()
    bubblewrap.probe.cache_clear()
    assert words in said if words else not said
    if words:
        assert "chmod u-s" in fix(said) and "0.11.2" in fix(said)


def test_grade_and_doctor_say_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bubblewrap, "probe", lambda: REFUSED)
    (tmp_path / "class").mkdir()
    grade = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    done = autograde(*grade)
    assert done.exit_code == 2 and REFUSED in done.output
    assert "How to fix it: " in done.output and "Install it" not in done.output
    done = CliRunner().invoke(app(), ["doctor", "--out", str(tmp_path)])
    whole = f"How to fix it: {fix(REFUSED)}"
    assert done.exit_code == 1 and whole in done.output, "cut off"


def test_help_is_for_people() -> None:
    for command in ("grade", "audit", "mutate", "build", "release", "doctor", "stubs"):
        done = CliRunner().invoke(app(), [command, "--help"], env={"COLUMNS": "120"})
        assert done.exit_code == 0
        assert not [word for word in ("<", "bool", "list[", "int range") if word in done.output]
    done = CliRunner().invoke(app(), ["grade", "x", "--jobs", "many"], env={"COLUMNS": "120"})
    assert done.exit_code == 2 and "must be a whole number" in done.output
    done = CliRunner().invoke(app(), ["grade", "x", "--jobs", "0"], env={"COLUMNS": "120"})
    assert done.exit_code == 2 and "must be at least 1" in done.output
