"""Archives: in a student's folder and as a submission, whatever they are called."""

from __future__ import annotations

import gzip
import io
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.model import Verdict
from autograder.outline import Course
from tests.ingest import one

PACKED: dict[str, Callable[[one.Files], bytes]] = {
    "a.zip": one.zipped,
    "A.ZIP": one.zipped,
    "a.zip.txt": one.zipped,
    "kata": one.zipped,
    "a.tar": lambda f: one.tarred(f, "w"),
    "a.tar.gz": one.tarred,
    "a.tgz": one.tarred,
    "a.tar.bz2": lambda f: one.tarred(f, "w:bz2"),
    "a.tar.xz": lambda f: one.tarred(f, "w:xz"),
    "tar.zip": one.tarred,
    "zip.tar.gz": one.zipped,
}


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("where", ["root", "folder"])
def test_each_kind_is_read(tmp_path: Path, toy: Course, name: str, where: str) -> None:
    files: dict[str, bytes | str] = {"hw/basics/double.py": one.GOOD, "hw/notes.txt": "x"}
    files["__MACOSX/hw/._double.py"] = "x"
    one.lay(tmp_path, {f"ann/{name}": PACKED[name](files)})
    taken = one.take(tmp_path / "ann" if where == "folder" else tmp_path / "ann" / name, toy)
    found = taken.answers["double"]
    assert found.source == one.GOOD and not found.note
    prefix = f"{name}/" if where == "folder" else ""
    rows = one.rows(taken)
    assert rows.pop(f"{prefix}hw/basics/double.py") == ("double", "graded", "")
    assert rows.pop(f"{prefix}hw/notes.txt")[1] == "not taken"
    assert rows.pop(f"{prefix}__MACOSX") == ("", "not taken", "left by macOS, 1 file")
    assert rows == ({name: ("", "graded", "opened")} if where == "folder" else {})


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "a.7z",
            b"7z\xbc\xaf\x27\x1c\0\4",
            "it is a 7z archive, which is not opened: hand in a .zip",
        ),
        ("a.rar", b"Rar!\x1a\x07\x01\0", "it is a rar archive, which is not opened"),
        ("a.zip", b"Rar!\x1a\x07\x01\0", "it is a rar archive, which is not opened"),
        ("a.tar.zst", b"\x28\xb5\x2f\xfd", "it is a zstd archive, which is not opened"),
        ("a.zip", b"<!DOCTYPE html>", "it is a web page, not an archive"),
        ("a.zip", b"", "it is empty"),
        ("a.zip", b"nothing of the kind", "it is not a readable zip file"),
        ("a.zip.001", b"PK\x03\x04", "it is one part of a split archive"),
        ("double.py.gz", gzip.compress(one.GOOD), "it is a single file packed by gzip"),
        ("a.tar", b"x" * 2000, "it is not a readable tar file"),
        ("a.zip", one.zipped({"../double.py": one.GOOD}), "a member's name leaves the archive"),
        ("a.tar", one.tarred({"/double.py": one.GOOD}), "a member's name leaves the archive"),
        ("a.tar.gz", one.tarred({"double.py": one.GOOD})[:60], "it is"),
    ],
    ids=lambda value: (
        value if isinstance(value, str) else ""
    ),  # a packed file holds its time of packing
)
def test_what_is_not_read_says_what_would_do(
    tmp_path: Path, toy: Course, name: str, data: bytes, words: str
) -> None:
    one.lay(tmp_path, {f"ann/{name}": data, "ann/stack.py": "class Stack: pass\n"})
    taken = one.take(tmp_path / "ann", toy)
    found = taken.answers["double"]
    assert found.verdict is Verdict.REJECTED
    assert f"{name} was not opened: {words}" in found.message
    assert taken.answers["stack"].source  # costs nobody what lies beside it
    assert one.rows(taken)[name][1] == "refused"
    alone = one.answer(tmp_path / "ann" / name, toy)
    assert alone.verdict is Verdict.REJECTED
    assert alone.message.startswith(f"This submission was not taken: {words}")


def test_the_same_answer_in_the_folder_and_in_its_zip(tmp_path: Path, toy: Course) -> None:
    packed = one.zipped({"basics/double.py": one.GOOD.replace(b"\n", b"\r\n")})
    one.lay(tmp_path, {"double.py": one.GOOD, "kata.zip": packed})
    found = one.answer(tmp_path, toy)
    assert found.source in (one.GOOD, one.GOOD.replace(b"\n", b"\r\n"))
    one.lay(tmp_path, {"double.py": one.OTHER})
    taken = one.take(tmp_path, toy)
    assert taken.answers["double"].verdict is Verdict.REJECTED
    assert "double.py, kata.zip/basics/double.py. Keep one." in taken.answers["double"].message
    assert {row[1] for row in one.rows(taken).values()} == {"refused", "not taken"}


def test_one_level_of_archives(tmp_path: Path, toy: Course) -> None:
    inner = one.zipped({"double.py": one.GOOD})
    twice = one.tarred({"deep/inner.zip": inner})
    assert one.answer(one.lay(tmp_path, {"a.tgz": twice}) / "a.tgz", toy).source == one.GOOD
    taken = one.take(tmp_path, toy)
    assert taken.answers["double"].verdict is Verdict.REJECTED
    assert "a.tgz/deep/inner.zip was not opened" in taken.answers["double"].message
    assert one.rows(taken)["a.tgz/deep/inner.zip"][1] == "refused"


def test_a_member_twice_counts_as_unzip_has_it(tmp_path: Path, toy: Course) -> None:
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("double.py", one.OTHER)
        archive.writestr("double.py", one.GOOD)
    taken = one.take(tmp_path / "a.zip", toy)
    assert taken.answers["double"].source == one.GOOD
    states = [row[2:] for row in taken.account.packed()]
    assert ["not taken", "the archive holds it twice; the last one counts"] in states
    assert ["graded", ""] in states and len(states) == 2


def test_unusual_compression_and_passwords_are_no_damage(tmp_path: Path, toy: Course) -> None:
    data = bytearray(one.zipped({"double.py": one.GOOD}))
    for at in (8, data.find(b"PK\x01\x02") + 10):
        data[at] = 9  # deflate64
    one.lay(tmp_path, {"a.zip": bytes(data)})
    found = one.answer(tmp_path, toy)
    assert "is packed in an unusual way: make an ordinary zip file" in found.message
    data = bytearray(one.zipped({"double.py": one.GOOD}))
    for at in (6, data.find(b"PK\x01\x02") + 8):
        data[at] |= 1  # encrypted
    one.lay(tmp_path, {"a.zip": bytes(data)})
    assert "is encrypted: make a zip without a password" in one.answer(tmp_path, toy).message


def test_links_in_a_tar(tmp_path: Path, toy: Course) -> None:
    made = io.BytesIO(one.tarred({"old/double.py": one.GOOD}, "w"))
    with tarfile.open(fileobj=made, mode="a:") as archive:
        for name, kind in (("basics/double.py", tarfile.LNKTYPE), ("stack.py", tarfile.SYMTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "old/double.py"
            archive.addfile(info)
    one.lay(tmp_path, {"a.tar": made.getvalue()})
    taken = one.take(tmp_path / "a.tar", toy)
    assert taken.answers["double"].source == one.GOOD  # a copy with hard links, as `cp -al` makes
    assert "stack.py is a symbolic link" in taken.answers["stack"].message


def test_a_tar_that_unpacks_to_too_much(
    tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.ingest.contents import tars

    monkeypatch.setitem(tars.STREAM_CAP, "gzip", 1 << 20)
    one.lay(tmp_path, {"a.tgz": one.tarred({"big": bytes(2 << 20), "double.py": one.GOOD})})
    assert "it unpacks to more than 1 MiB" in one.answer(tmp_path, toy).message
