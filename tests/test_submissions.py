"""What is taken from a folder, a zip or loose files, and what is said of the rest."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from autograder.ingest.submissions import Answer, Submission, SubmissionsError, collect
from autograder.model import Verdict
from autograder.outline import Course

SOURCE = b"def double(x):\n    return x + x\n"


def one(path: Path, toy: Course) -> Submission:
    (found,) = collect(path, toy, toy.exercises)
    return found


def answer(folder: Path, toy: Course, id: str = "double") -> Answer:
    found = collect(folder, toy, toy.exercises)
    return found[0].answers[id]


@pytest.fixture
def ann(tmp_path: Path) -> Path:
    folder = tmp_path / "class" / "ann"
    folder.mkdir(parents=True)
    return folder


def test_files_by_chapter_or_flat(ann: Path, toy: Course) -> None:
    (ann / "basics").mkdir()
    (ann / "basics" / "double.py").write_bytes(SOURCE)
    (ann / "stack.py").write_bytes(b"class Stack: pass\n")
    found = one(ann.parent, toy)
    assert found.student == "ann"
    assert found.answers["double"].source == SOURCE
    assert found.answers["stack"].source == b"class Stack: pass\n"
    missing = found.answers["primes"]
    assert missing.verdict is Verdict.NOT_ATTEMPTED and "primes.py" in missing.message


def test_a_folder_can_be_one_submission(ann: Path, toy: Course) -> None:
    (ann / "double.py").write_bytes(SOURCE)
    assert one(ann, toy).student == "ann"
    assert one(ann / "double.py", toy).answers["double"].source == SOURCE


def test_loose_files(tmp_path: Path, toy: Course) -> None:
    (tmp_path / "ann_double.py").write_bytes(SOURCE)
    (tmp_path / "ann_stack.py").write_bytes(SOURCE)
    (tmp_path / "bob-12345-double.py").write_bytes(SOURCE)
    found = collect(tmp_path, toy, toy.exercises)
    assert [s.student for s in found] == ["ann", "bob-12345"]
    assert found[0].answers["stack"].source == SOURCE


def test_misplaced_is_taken_and_said(ann: Path, toy: Course) -> None:
    (ann / "homework" / "final").mkdir(parents=True)
    (ann / "homework" / "final" / "double.py").write_bytes(SOURCE)
    found = answer(ann.parent, toy)
    assert found.source == SOURCE and "expected basics/double.py" in found.note


@pytest.mark.parametrize("name", ["double (1).py", "Double.py", "double.py.txt", "dou-ble.PY"])
def test_near_names_are_graded_and_told_to_be_renamed(ann: Path, toy: Course, name: str) -> None:
    (ann / name).write_bytes(SOURCE)
    found = answer(ann.parent, toy)
    assert found.source == SOURCE
    assert name in found.note and "rename it to double.py" in found.note


def test_different_copies_are_not_guessed_between(ann: Path, toy: Course) -> None:
    for folder, text in (("a", SOURCE), ("b", SOURCE + b"#\n")):
        (ann / folder).mkdir()
        (ann / folder / "double.py").write_bytes(text)
    found = answer(ann.parent, toy)
    assert found.verdict is Verdict.REJECTED and "2 different files" in found.message


def test_links_and_devices(ann: Path, toy: Course, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_bytes(b"SECRET = 1\n")
    (ann / "double.py").symlink_to(secret)
    os.link(secret, ann / "stack.py")
    ann.chmod(0o777)  # anybody may have put it there
    os.mkfifo(ann / "primes.py")
    found = one(ann.parent, toy).answers
    assert all(found[id].source is None for id in found)
    assert "symbolic link" in found["double"].message
    assert "hard link" in found["stack"].message
    assert "regular file" in found["primes"].message


def test_a_linked_student_folder(tmp_path: Path, toy: Course, ann: Path) -> None:
    (ann / "double.py").write_bytes(SOURCE)
    (ann.parent / "eve").symlink_to(ann)
    found = {s.student: s for s in collect(ann.parent, toy, toy.exercises)}
    assert found["eve"].answers["double"].verdict is Verdict.REJECTED
    assert found["ann"].answers["double"].source == SOURCE


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x = '\xff'\n", "byte 0xff in line 1"),
        (b"x = 1\n\0\0", "zero bytes"),
        (b"# -*- coding: martian -*-\n", "names an encoding"),
        (b"# " + b"x" * (1 << 20), "larger than 1024 KiB"),
    ],
)
def test_what_is_no_source_text(ann: Path, toy: Course, data: bytes, words: str) -> None:
    (ann / "double.py").write_bytes(data)
    found = answer(ann.parent, toy)
    assert found.verdict is Verdict.REJECTED and words in found.message


def test_other_encodings_are_python_too(ann: Path, toy: Course) -> None:
    text = "# -*- coding: latin-1 -*-\nname = 'Zoë'\n".encode("latin-1")
    (ann / "double.py").write_bytes(text)
    assert answer(ann.parent, toy).source == text


def zipped(path: Path, members: dict[str, bytes], *, mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (mode or 0o100644) << 16
            archive.writestr(info, data)
    return path


def test_zip(tmp_path: Path, toy: Course) -> None:
    zipped(tmp_path / "ann.zip", {"work/basics/double.py": SOURCE, "work/stack.py": SOURCE})
    found = one(tmp_path, toy)
    assert found.student == "ann" and found.answers["double"].source == SOURCE
    assert found.answers["stack"].source == SOURCE
    assert one(tmp_path / "ann.zip", toy).answers["double"].source == SOURCE


@pytest.mark.parametrize("name", ["/etc/double.py", "../double.py", "a/../../double.py", "C:/x.py"])
def test_zip_members_that_leave_it(tmp_path: Path, toy: Course, name: str) -> None:
    zipped(tmp_path / "eve.zip", {name: SOURCE, "stack.py": SOURCE})
    found = one(tmp_path, toy)
    assert {a.verdict for a in found.answers.values()} == {Verdict.REJECTED}
    assert "leaves the archive" in found.answers["stack"].message


def test_zip_symlink_bomb_and_damage(tmp_path: Path, toy: Course) -> None:
    zipped(tmp_path / "link.zip", {"double.py": b"/etc/passwd"}, mode=0o120777)
    zipped(tmp_path / "huge.zip", {"double.py": b"#" * (64 << 20)})
    whole = zipped(tmp_path / "cut.zip", {"double.py": os.urandom(5000)}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.zip").write_bytes(b"no zip at all")
    (tmp_path / "flip.zip").write_bytes(whole[:600] + bytes(64) + whole[664:])
    found = {s.student: s.answers["double"] for s in collect(tmp_path, toy, toy.exercises)}
    assert {a.verdict for a in found.values()} == {Verdict.REJECTED}
    assert "symbolic link" in found["link"].message
    assert "larger than" in found["huge"].message
    assert "zip" in found["cut"].message and "zip" in found["text"].message
    assert "damaged" in found["flip"].message


def test_hidden_and_foreign_files_are_left_alone(ann: Path, toy: Course) -> None:
    (ann / "__pycache__").mkdir()
    (ann / "__pycache__" / "double.py").write_bytes(b"1")
    (ann / "conftest.py").write_bytes(b"raise SystemExit")
    (ann.parent / ".DS_Store").write_bytes(b"x")
    assert answer(ann.parent, toy).verdict is Verdict.NOT_ATTEMPTED


def test_names_that_are_no_text(tmp_path: Path, toy: Course) -> None:
    folder = os.fsencode(tmp_path) + b"/m\xfcller\x1b[31m"
    os.mkdir(folder)  # noqa: PTH102 - the name is bytes
    name = one(tmp_path, toy).student
    name.encode()
    assert name.startswith("m") and "\x1b" not in name


def test_what_cannot_be_graded_at_all(tmp_path: Path, toy: Course) -> None:
    with pytest.raises(SubmissionsError, match="does not exist"):
        collect(tmp_path / "nowhere", toy, toy.exercises)
    with pytest.raises(SubmissionsError, match="holds no submissions"):
        collect(tmp_path, toy, toy.exercises)
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(SubmissionsError, match="neither"):
        collect(tmp_path / "notes.txt", toy, toy.exercises)
    (tmp_path / "other.py").write_text("x")
    with pytest.raises(SubmissionsError, match="not named after an exercise"):
        collect(tmp_path / "other.py", toy, toy.exercises)


def test_zip_in_memory_is_never_unpacked(tmp_path: Path, toy: Course) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("double.py", SOURCE)
    zipped(tmp_path / "nest.zip", {"inner.zip": inner.getvalue()})
    assert answer(tmp_path, toy).source == SOURCE
    assert [p.name for p in tmp_path.iterdir()] == ["nest.zip"]
