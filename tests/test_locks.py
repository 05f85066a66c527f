"""Locks by file, and what others may lay in their way."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from autograder.grading import run
from autograder.judging import locks


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_one_measurement_at_a_time(scratch: Path) -> None:
    with locks.timing() as first:
        with locks.timing(wait=0.1) as second:  # goes on, and says that it is not alone
            assert first and not second
        (folder,) = scratch.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert [p.stat().st_mode & 0o777 for p in folder.iterdir()] == [0o600]
    with locks.timing(wait=0) as again:
        assert again


def test_a_runtime_folder_of_this_user_is_used(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scratch / "run").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(scratch / "run"))
    assert locks.own_folder() == scratch / "run"
    (scratch / "run").chmod(0o755)
    assert locks.own_folder() != scratch / "run"


def in_the_way(path: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(path.parent / "elsewhere")
    else:
        path.mkdir(mode=0o777)
        path.chmod(0o777)


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_what_lies_in_the_way_stops_nobody(scratch: Path, kind: str) -> None:
    in_the_way(scratch / f"kata-timing-{os.getuid()}", kind)
    with locks.timing() as held:
        assert not held
    assert not (scratch / "elsewhere").exists()
    inner = scratch / "inner"
    inner.mkdir()
    in_the_way(inner / "lock", kind)
    with pytest.raises(OSError, match="lock"):
        locks.open_lock(inner / "lock")
    in_the_way(inner / ".lock", kind)
    with pytest.raises(OSError, match="lock"), run.output_folder(inner):
        pass


def test_a_folder_of_another_user_is_not_used(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scratch / f"kata-timing-{os.getuid() + 1}").mkdir(mode=0o700)
    other = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: other)
    with locks.timing() as held:
        assert not held
