"""Random trees of files, as nasty as instructors' folders are, and a walk of our own over them."""

from __future__ import annotations

import io
import os
import random
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.ingest.contents import (
    DOUBLE,
    DOUBLE_STUB,
    DOUBLE_UTF16,
    HTML,
    PNG,
    RAR,
    SEVEN_ZIP,
    STACK,
    STACK_STUB,
    STUB_NOTEBOOK,
    notebook,
)

_STEMS = [
    "double", "stack", "Double", "DOUBLE", "double (1)", "double-1", "double - Copy",
    "double_final", "ann_double", "double - Ann Lee", "basics", "basics-Copy1", "notes", "helper",
    "work", "a", "=1", "x y", "Zoë", "Zoe\u0308", "山田\u3000太郎", "علی\u200cرضا", "na\u202eme",
    "tab\tname", "line\nname", "-rf", "'quote'", '"', "a,b", "a;b", "[x]", "%20", "con",
    "submission_12", "x" * 120, "é" * 60,
    "jane_LATE_12_34_double", "jane_12_34_double", "jane_12_35_double-1", "joe_13_36_stack",
    "HW_jane_attempt_2026-01-02-03-04-05_double", "HW_joe_attempt_2026-01-02-03-04-06",
    "Ann Lee_12_assignsubmission_file_double", "12-3 - Ann Lee - Mar 1, 2026 1205 PM - double",
]  # fmt: skip
_FOLDERS = [
    "ann", "bob", "Zoë", "Zoe\u0308", "basics", "double", "exercises", "submitted", "hw", "a b",
    "Ann Lee_12_assignsubmission_file_", "Bob Roe_13_assignsubmission_file",
    "Ann Lee_12_assignsubmission_onlinetext_", "12-3 - Ann Lee - Mar 1, 2026 1205 PM",
    "12-3 - Ann Lee - Mar 2, 2026 905 AM", "submission_12", "assignment_7_export", "cs-hw-ann",
    "cs-hw-bob", "山田\u3000太郎", "line\nname", "x" * 120, ".hidden", "...", "ann.zip",
    "double.py",
]  # fmt: skip
_LITTER_FOLDERS = [
    "__MACOSX",
    ".git",
    ".venv",
    "venv",
    "__pycache__",
    ".kata",
    ".ipynb_checkpoints",
]
LITTER = frozenset(_LITTER_FOLDERS)
"""Folders that never hold anybody's answer."""

_LITTER_FILES = [".DS_Store", "Thumbs.db", "desktop.ini", "._double.py", "~$x.docx", ".gitignore"]
_ENDINGS = [".py", ".py", ".py", ".PY", ".py.txt", ".ipynb", ".txt", ".md", "", ".pdf", ".pyc"]
_ARCHIVES = [".zip", ".zip", ".ZIP", ".tar.gz", ".tgz", ".tar", ".7z", ".rar", ".zip.txt", ".gz"]
_TEXTS = [DOUBLE, DOUBLE, STACK, DOUBLE_STUB, STACK_STUB, DOUBLE_UTF16, STUB_NOTEBOOK, HTML, PNG,
          notebook(("double", DOUBLE)), b"", b"\0", b"hello\n", b"def double(:\n"]  # fmt: skip
_METADATA = b"submission_12:\n  :submitters:\n  - :name: Ann Lee\n    :sid: '0012'\n"


@dataclass(frozen=True, slots=True)
class Met:
    """One thing that lies in a download: its path, and what kind of thing it is."""

    path: str
    kind: str


def plant(rng: random.Random, root: Path) -> None:
    """Fill the empty folder ``root`` with a random tree."""
    _fill(rng, root, depth=0)
    if rng.random() < 0.15:
        (root / "submission_metadata.yml").write_bytes(rng.choice((_METADATA, b"", b"\xff:")))
    if rng.random() < 0.1:
        (root / "nbgrader_config.py").write_bytes(b"c = get_config()\n")


def _fill(rng: random.Random, folder: Path, depth: int) -> None:
    for _ in range(rng.randint(0 if depth else 1, 6 if depth else 8)):
        kind = rng.choices(("file", "folder", "archive", "litter", "link"), (50, 25, 12, 8, 5))[0]
        if kind == "folder" and depth < 3:
            path = folder / rng.choice(_FOLDERS)
            if not path.exists():
                path.mkdir()
                _fill(rng, path, depth + 1)
        elif kind == "archive":
            ending = rng.choice(_ARCHIVES)
            _write(folder / f"{rng.choice(_STEMS)}{ending}", archive(rng, ending))
        elif kind == "litter":
            _litter(rng, folder)
        elif kind == "link":
            _link(rng, folder)
        else:
            name = rng.choice(_STEMS) + rng.choice(_ENDINGS)
            _write(folder / name, rng.choice(_TEXTS))


def _write(path: Path, data: bytes) -> None:
    if not os.path.lexists(path):
        path.write_bytes(data)
        os.utime(path, (1_790_000_000, 1_790_000_000))


def _litter(rng: random.Random, folder: Path) -> None:
    if rng.random() < 0.5:
        _write(folder / rng.choice(_LITTER_FILES), b"\0\5")
        return
    path = folder / rng.choice(_LITTER_FOLDERS)
    if not path.exists():
        path.mkdir()
        if path.name == "venv":
            _write(path / "pyvenv.cfg", b"home = /usr\n")
        _write(path / "double.py", rng.choice(_TEXTS))


def _link(rng: random.Random, folder: Path) -> None:
    path = folder / (rng.choice(_STEMS) + rng.choice((".py", "", ".zip")))
    if os.path.lexists(path):
        return
    others = sorted(p for p in folder.iterdir() if p.is_file() and not p.is_symlink())
    how = rng.randrange(4)
    if how == 0 and others:
        os.link(rng.choice(others), path)
    elif how == 1:
        os.mkfifo(path)
    else:
        path.symlink_to(rng.choice(("/etc", "/etc/passwd", ".", "..", "nowhere", "double.py")))


def archive(rng: random.Random, ending: str) -> bytes:
    """An archive's bytes; some are cut off, and some are no archives."""
    if ending == ".7z" or rng.random() < 0.03:
        return SEVEN_ZIP
    if ending == ".rar" or rng.random() < 0.03:
        return RAR
    members = {}
    for _ in range(rng.randint(0, 5)):
        folder = rng.choice(("", "", "hw/", "basics/", "ann/", "bob/", "__MACOSX/", "../", ".git/"))
        ending_of = rng.choice(_ENDINGS)
        members[folder + rng.choice(_STEMS) + ending_of] = rng.choice(_TEXTS)
    if rng.random() < 0.1:
        members["inner.zip"] = archive(rng, ".zip")
    data = _packed(members, "tar" if "t" in ending and "zip" not in ending else "zip")
    return data[: len(data) // 2] if rng.random() < 0.08 else data


def _packed(members: dict[str, bytes], kind: str) -> bytes:
    made = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(made, "w") as file:
            for name, data in members.items():
                file.writestr(zipfile.ZipInfo(name), data)
    else:
        with tarfile.open(fileobj=made, mode="w:gz") as tar:
            for name, data in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return made.getvalue()


def walk(root: Path) -> Iterator[Met]:
    """Everything under ``root`` and in its archives; no link is followed."""
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        for name in [*files, *(n for n in folders if (here / n).is_symlink())]:
            path = here / name
            kind = "link" if path.is_symlink() else "file" if path.is_file() else "other"
            inner = str(path.relative_to(root))
            yield Met(inner, kind)
            if kind == "file":
                yield from (Met(f"{inner}/{member}", "member") for member in members(path))


def members(path: Path) -> list[str]:
    """The files in an archive; none in what is no archive, is damaged or leaves its folder."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as file:
                names = [i.filename for i in file.infolist() if not i.is_dir()]
        elif tarfile.is_tarfile(path):
            with tarfile.open(path) as tar:
                names = [m.name for m in tar if m.isfile()]
        else:
            return []
    except (OSError, zipfile.BadZipFile, tarfile.TarError, EOFError):
        return []
    return [] if any(".." in name.split("/") for name in names) else names
