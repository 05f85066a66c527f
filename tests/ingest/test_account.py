"""Every file met has its row: litter, what is too deep, odd or too much, and all the rest."""

from __future__ import annotations

import os
import random
from pathlib import Path, PurePosixPath

import pytest

from autograder.ingest.contents import account, gathering, litter, taking, walking
from autograder.model import Verdict
from autograder.outline import Course
from tests.ingest import one

FOLDERS = (
    ".git",
    ".venv",
    "venv",
    ".kata",
    "__pycache__",
    "__MACOSX",
    ".ipynb_checkpoints",
    "node_modules",
    "lib/site-packages",
    ".vscode",
    ".idea",
    "env",
)
FILES = (
    "._double.py",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    "double.py~",
    ".double.py.swp",
    "double.py.bak",
    "#double.py#",
    "double.pyc",
    "~$report.docx",
    ".gitignore",
)


@pytest.mark.parametrize("as_zip", [False, True])
def test_litter_counts_against_nobody(tmp_path: Path, toy: Course, as_zip: bool) -> None:
    files: dict[str, bytes | str] = {f"{name}/double.py": one.OTHER for name in FOLDERS}
    files |= dict.fromkeys(FILES, one.OTHER)
    files |= {"env/pyvenv.cfg": "home = /usr", "hw/double.py": one.GOOD}
    if as_zip:
        path = one.lay(tmp_path, {"a.zip": one.zipped(files)}) / "a.zip"
    else:
        path = one.lay(tmp_path, files)
    taken = one.take(path, toy)
    assert taken.answers["double"].source == one.GOOD
    rows = one.rows(taken)
    assert rows.pop("hw/double.py")[1] == "graded"
    assert {row[1] for row in rows.values()} == {"not taken"}
    assert set(rows) == {*FOLDERS, *FILES} - {"env"} | {"env/pyvenv.cfg", "env/double.py"}


def test_an_environment_in_the_folder_of_the_answers(tmp_path: Path, toy: Course) -> None:
    files: dict[str, bytes | str] = {"pyvenv.cfg": "", "basics/double.py": one.GOOD}
    files["lib/python3/double.py"] = one.OTHER
    one.lay(tmp_path, {f"hw/{name}": data for name, data in files.items()})
    for root in (tmp_path, tmp_path / "hw"):
        taken = one.take(root, toy)
        assert taken.answers["double"].source == one.GOOD, one.rows(taken)


def test_ten_thousand_files_are_no_matter(
    tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "FILES_CAP", 20)
    data = {f"data/{n}.jpg": "" for n in range(50)} | {f".venv/lib/m{n}.py": "" for n in range(50)}
    packed = one.zipped({**data, "double.py": one.GOOD})
    one.lay(tmp_path, {"b.zip": packed, **{f"a/{k}": v for k, v in data.items()}})
    one.lay(tmp_path, {"a/double.py": one.GOOD})
    for path in (tmp_path / "a", tmp_path / "b.zip"):
        assert one.answer(path, toy).source == one.GOOD
    many = {f"{n}/double.py": one.GOOD for n in range(21)}
    taken = one.take(one.lay(tmp_path / "c", many), toy)
    assert "more than 20 files named like exercises" in taken.answers["double"].message
    assert len(one.rows(taken)) == 21


def test_what_is_too_deep_or_too_much_is_named(
    tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = "/".join("abcdefghijkl")
    one.lay(tmp_path, {f"x/{deep}/double.py": one.GOOD, "y/double.py": one.GOOD, "y/z": ""})
    taken = one.take(tmp_path / "x", toy)
    assert taken.answers["double"].verdict is Verdict.REJECTED
    assert "is more than 11 folders deep and was not" in taken.answers["double"].message
    assert one.rows(taken)[deep][1] == "refused"
    monkeypatch.setattr(walking, "ENTRIES_CAP", 1)
    found = one.answer(tmp_path / "y", toy)
    assert found.verdict is Verdict.REJECTED and "holds more than 1 files" in found.message


def test_links_and_pipes_are_rows(tmp_path: Path, toy: Course) -> None:
    one.lay(tmp_path, {"double.py": one.GOOD})
    (tmp_path / "more").symlink_to(tmp_path)
    (tmp_path / "stack.py").symlink_to(tmp_path / "double.py")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "basics.ipynb").symlink_to(tmp_path / "double.py")
    taken = one.take(tmp_path, toy)
    rows = one.rows(taken)
    assert "basics.ipynb is a symbolic link" in taken.answers["primes"].message
    assert rows["basics.ipynb"] == ("", "refused", "is a symbolic link")
    assert rows["more"] == ("", "not taken", "is a symbolic link")
    assert rows["stack.py"] == ("stack", "refused", "is a symbolic link")
    assert rows["pipe"] == ("", "not taken", "is not a regular file")


def test_the_rows_are_capped_and_the_rest_is_counted(
    tmp_path: Path, toy: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "ROWS_CAP", 5)
    one.lay(tmp_path, {f"a{n}.txt": "" for n in range(10)} | {"double.py": one.GOOD})
    packed = one.take(tmp_path, toy).account.packed()
    assert len(packed) == 5 and packed[-1] == ["", "", "not taken", "7 more files"]
    assert ["double.py", "double", "graded", ""] in packed


def test_places_in_one_submission(tmp_path: Path, toy: Course) -> None:
    """As a bulk download has them: numbered files, and where each counts as lying."""
    one.lay(tmp_path, {"0": one.GOOD, "1": b"x", "2": one.zipped({"stack.py": "class Stack: 1\n"})})
    places = [("0", "hw/double.py"), ("1", "hw/.git/config"), ("2", "kata.zip")]
    taken = taking.take(
        [(tmp_path / real, PurePosixPath(inner)) for real, inner in places], toy, toy.exercises
    )
    assert taken.answers["double"].source == one.GOOD and taken.answers["stack"].source
    assert one.rows(taken) == {
        "hw/double.py": ("double", "graded", taken.answers["double"].note),
        "hw/.git": ("", "not taken", "version control, 1 file"),
        "kata.zip": ("", "graded", "opened"),
        "kata.zip/stack.py": ("stack", "graded", ""),
    }


# -- any tree ---------------------------------------------------------------------------------

NAMES = (
    "double.py",
    "Double.py",
    "double (1).py",
    "ann_double.py",
    "stack.py",
    "main.py",
    "notes.txt",
    "basics.ipynb",
    "a.zip",
    "b.tar.gz",
    "c.rar",
    ".DS_Store",
    "double.py~",
    "pyvenv.cfg",
    "日本.py",
    "double",
    "._double.py",
    "data.csv",
)
PARENTS = ("", "", "basics", "hw", ".git", "venv", "my env", "a/b/c", "__MACOSX", "x y")


def random_files(chance: random.Random, depth: int = 0) -> dict[str, bytes]:
    files = {}
    for _ in range(chance.randrange(1, 9)):
        name = chance.choice(NAMES)
        parent = chance.choice(PARENTS)
        if name.endswith((".zip", ".gz")) and depth < 2:
            pack = one.zipped if name.endswith(".zip") else one.tarred
            data = pack(random_files(chance, depth + 1))
        else:
            data = chance.choice((one.GOOD, one.OTHER, b"", b"\xff\xfe", b"{}", b"PK\x03\x04"))
        files[f"{parent}/{name}" if parent else name] = data
    return files


def is_told(path: str, rows: dict[str, tuple[str, str, str]]) -> bool:
    """Whether a file has a row, or a folder above it that was not looked into has one."""
    above = [str(p) for p in PurePosixPath(path).parents]
    return path in rows or any(p in rows and rows[p][1] != "graded" for p in above)


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_unaccounted_for(tmp_path: Path, toy: Course, seed: int) -> None:
    files = random_files(random.Random(seed))
    one.lay(tmp_path / "folder", files)
    one.lay(tmp_path, {"a.zip": one.zipped(files), "a.tgz": one.tarred(files)})
    seen = []
    for name in ("folder", "a.zip", "a.tgz"):
        taken = one.take(tmp_path / name, toy)
        rows = one.rows(taken)
        assert [p for p in files if not is_told(p, rows)] == []
        unknown = [
            p
            for p in rows
            if p not in files
            and not any(f.startswith(f"{p}/") or p.startswith(f"{f}/") for f in files)
        ]
        assert unknown == []
        assert all(reason for _, state, reason in rows.values() if state != account.GRADED)
        assert one.rows(one.take(tmp_path / name, toy)) == rows
        for id, found in taken.answers.items():
            assert (found.source is None) == (found.verdict is not None)
            graded = [p for p, row in rows.items() if row[:2] == (id, account.GRADED)]
            assert len(graded) <= 1
        seen.append({k: (a.source, a.verdict) for k, a in taken.answers.items()})
    assert seen[1] == seen[2]


def test_litter_is_known_by_its_name_only() -> None:
    for name in ("double.py", "basics", "git", "env.py", "swap.py", "bakery.py", "count~up.py"):
        assert not litter.file(name) and not litter.folder(name)
