"""A class's archive: what is recognised in it, and what of it is never written."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.ingest.contents import unpacking
from autograder.ingest.submissions import SubmissionsError, take
from autograder.model import Verdict
from autograder.outline import Course

GOOD = b"def double(x):\n    return 2 * x\n"
CLASS = {
    "Ana García_11_assignsubmission_file/double.py": GOOD,
    "Jane Doe_12_assignsubmission_file/basics/double.py": GOOD + b"#\n",
    "__MACOSX/._x": b"",
}


def packed(path: Path, members: dict[str, bytes]) -> Path:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return path
    mode: Any = "w:" + path.suffix[1:].replace("tar", "")
    with tarfile.open(path, mode) as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_a_bulk_archive(
    tmp_path: Path, toy: Course, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    path = packed(tmp_path / f"submissions.{ending}", CLASS)
    found = take(path, toy, toy.exercises)
    assert found.layout == "moodle"
    assert {s.student: s.answers["double"].source for s in found.submissions} == {
        "11": GOOD,
        "12": GOOD + b"#\n",
    }
    assert [r.path for r in found.rows if r.state == "graded"] == list(CLASS)[:2]
    assert not list(scratch.iterdir())


def test_an_archive_in_an_archive_or_alone_in_a_folder(tmp_path: Path, toy: Course) -> None:
    inner = packed(tmp_path / "inner.zip", {f"HW/{k}": v for k, v in CLASS.items()}).read_bytes()
    outer = packed(tmp_path / "outer.tar.gz", {"download/submissions.zip": inner})
    assert [s.student for s in take(outer, toy, toy.exercises).submissions] == ["11", "12"]
    (tmp_path / "downloads").mkdir()
    (tmp_path / "inner.zip").rename(tmp_path / "downloads" / "submissions.zip")
    found = take(tmp_path / "downloads", toy, toy.exercises)
    assert [s.student for s in found.submissions] == ["11", "12"]
    assert any(r.path.startswith("submissions.zip/HW/Ana") for r in found.rows)


def test_one_students_archive_is_one_student(tmp_path: Path, toy: Course) -> None:
    for name in ("double.py", "work/basics/double.py", "old/double.py"):
        path = packed(tmp_path / "ann.zip", {name: GOOD})
        assert [s.student for s in take(path, toy, toy.exercises).submissions] == ["ann"]


def test_names_without_a_flag_are_utf_8(tmp_path: Path, toy: Course) -> None:
    path = tmp_path / "class.zip"
    raw = "Zo\u00eb Müller".encode()
    packed(path, {f"{'x' * len(raw)}/double.py": GOOD, "bob/double.py": GOOD})
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    found = take(path, toy, toy.exercises)
    assert [s.student for s in found.submissions] == ["Zo\u00eb Müller", "bob"]


def test_members_never_become_paths(tmp_path: Path) -> None:
    path, folder = tmp_path / "evil.tar", tmp_path / "scratch"
    folder.mkdir()
    with tarfile.open(path, "w") as tar:
        for name in ("../../double.py", "/etc/double.py", "C:/double.py", "ann/double.py"):
            info = tarfile.TarInfo(name)
            info.size = len(GOOD)
            tar.addfile(info, io.BytesIO(GOOD))
        for name, kind in (
            ("a/link", tarfile.SYMTYPE),
            ("a/hard", tarfile.LNKTYPE),
            ("a/pipe", tarfile.FIFOTYPE),
            ("a/tty", tarfile.CHRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)
    rows = {row[0]: row for row in unpacking.unpack(path, folder)}
    assert [p.name for p in folder.iterdir()] == ["000001.py"]
    assert rows["ann/double.py"][1] == "000001.py"
    assert oct((folder / "000001.py").stat().st_mode & 0o777) == "0o600"
    assert "leaves the archive" in rows["double.py"][4]
    assert "symbolic link" in rows["a/link"][4] and "hard link" in rows["a/hard"][4]
    assert all("is not a regular file" in rows[name][4] for name in ("a/pipe", "a/tty"))


def test_a_member_with_a_problem_is_told_its_student(tmp_path: Path, toy: Course) -> None:
    path = packed(tmp_path / "class.zip", {"ann/double.py": GOOD, "cem/double.py": GOOD})
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("bob/double.py")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    found = take(path, toy, toy.exercises)
    people = {s.student: s.answers["double"] for s in found.submissions}
    assert people["ann"].source == GOOD
    assert people["bob"].verdict is Verdict.REJECTED and "symbolic link" in people["bob"].message
    (row,) = [r for r in found.rows if r.path == "bob/double.py"]
    assert row.state == "refused"


@pytest.mark.parametrize(
    ("cap", "words"),
    [
        ("MEMBERS_CAP", "more than 1 files"),
        ("TOTAL_CAP", "more than there is room for"),
        ("ARCHIVE_CAP", "is larger than"),
    ],
)
def test_caps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cap: str, words: str) -> None:
    path, folder = packed(tmp_path / "class.zip", CLASS), tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(unpacking, cap, 1)
    with pytest.raises(unpacking.Refused, match=words):
        unpacking.unpack(path, folder)


def test_a_large_member_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, folder = (
        packed(tmp_path / "c.zip", {"a/x.py": b"#" * 4096, "b/x.py": b""}),
        tmp_path / "s",
    )
    folder.mkdir()
    monkeypatch.setattr(unpacking, "MEMBER_CAP", 1024)
    rows = {row[0]: row[4] for row in unpacking.unpack(path, folder)}
    assert "is larger than" in rows["a/x.py"] and not rows["b/x.py"]
    assert len(list(folder.iterdir())) == 1


def test_damaged_archives_say_so(tmp_path: Path, toy: Course) -> None:
    whole = packed(tmp_path / "class.zip", {f"s{n}/double.py": os.urandom(3000) for n in range(3)})
    data = whole.read_bytes()
    whole.write_bytes(data[:200] + bytes(400) + data[600:])
    found = {s.student: s.answers["double"] for s in take(whole, toy, toy.exercises).submissions}
    assert found["s0"].verdict is Verdict.REJECTED and "damaged" in found["s0"].message
    whole.write_bytes(b"no archive")
    (one,) = take(whole, toy, toy.exercises).submissions
    assert one.student == "class" and one.answers["double"].verdict is Verdict.REJECTED
    seven = tmp_path / "class.7z"
    seven.write_bytes(b"7z")
    with pytest.raises(SubmissionsError, match="unpack it"):
        take(seven, toy, toy.exercises)
