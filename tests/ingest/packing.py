"""Files with an owner and a time, written as a folder, a zip or a tar, always the same bytes."""

from __future__ import annotations

import datetime
import io
import os
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

LITTER, DOWNLOAD, NOBODY = "litter", "download", "nobody"
"""Owners that are no student: an operating system, the LMS itself, and nobody at all."""

EPOCH = datetime.datetime(2026, 10, 5, 12, 0, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a download; ``owner`` is a student's key in the class, or one of the three."""

    path: str
    data: bytes
    owner: str
    time: datetime.datetime = EPOCH


def zipped(members: Mapping[str, bytes], time: datetime.datetime = EPOCH) -> bytes:
    """The bytes of a zip file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, time.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o040755 << 16 | 0x10) if name.endswith("/") else 0o100644 << 16
            archive.writestr(info, data)
    return made.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w:gz") -> bytes:
    """The bytes of a tar file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), int(EPOCH.timestamp())
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def write_folder(entries: Iterable[Entry], folder: Path) -> Path:
    """The entries as files under ``folder``, with their times."""
    for entry in entries:
        path = folder / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(entry.data)
        os.utime(path, (entry.time.timestamp(),) * 2)
    return folder


def write_zip(entries: Iterable[Entry], path: Path) -> Path:
    """The entries as a bulk zip."""
    with zipfile.ZipFile(path, "w") as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.path, entry.time.timetuple()[:6])
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            archive.writestr(info, entry.data)
    return path


def write_tar(entries: Iterable[Entry], path: Path, mode: str = "w:gz") -> Path:
    """The entries as a bulk tar."""
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for entry in entries:
            info = tarfile.TarInfo(entry.path)
            info.size, info.mtime = len(entry.data), int(entry.time.timestamp())
            archive.addfile(info, io.BytesIO(entry.data))
    return path


def wrapped(entries: Iterable[Entry], folder: str) -> list[Entry]:
    """The same entries in one folder too many."""
    return [replace(e, path=f"{folder}/{e.path}") for e in entries]


def littered(entries: Iterable[Entry]) -> list[Entry]:
    """The same entries with what macOS, Windows and version control leave beside them."""
    entries = list(entries)
    tops = sorted({e.path.split("/")[0] for e in entries if "/" in e.path})
    made = [*entries]
    for entry in entries[::3]:
        inner = PurePosixPath(entry.path)
        path = PurePosixPath("__MACOSX") / inner.parent / f"._{inner.name}"
        made.append(Entry(str(path), b"\0\5\x16\7", LITTER))
    for top in ["", *(f"{t}/" for t in tops[::4])]:
        made.append(Entry(f"{top}.DS_Store", b"\0\0\0\1Bud1", LITTER))
        made.append(Entry(f"{top}Thumbs.db", b"\xd0\xcf\x11\xe0", LITTER))
        made.append(Entry(f"{top}desktop.ini", b"[.ShellClassInfo]\r\n", LITTER))
    made.append(Entry("~$grades.xlsx", b"\5Owner", LITTER))
    return made
