"""A class's archive: listed, or unpacked as numbered files. Runs in a reader process only.

A member's name never becomes the name of a file. Links, devices and what is damaged, encrypted or
too large are listed with what is wrong with them, and the others are unpacked all the same.
"""

from __future__ import annotations

import contextlib
import errno
import lzma
import os
import re
import shutil
import struct
import tarfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from autograder.ingest.entry_names import NO_LOOK
from autograder.ingest.tree import DEPTH_CAP
from autograder.text.regular import NotRegular, Unreadable, of_the_machine, open_regular

ARCHIVE_CAP = 8 << 30
"""Most bytes of a class's archive."""

MEMBERS_CAP = 50_000
"""Most members that are listed."""

MEMBER_CAP = 512 << 20
"""Most bytes of one member, once unpacked."""

TOTAL_CAP = 8 << 30
"""Most bytes of all members, once unpacked."""

_NAME_CAP = 1000
_CHUNK = 1 << 20
_ENDINGS = re.compile(r"(?i)\.(py|ipynb|zip|tar|tgz|txt|json|yml|tar\.gz|tar\.bz2|tar\.xz)$")
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    LookupError,
    ArithmeticError,
    AttributeError,
)

Row = list[Any]
"""``[name, file, size, time, problem, folder]``: ``file`` is empty for what lies nowhere."""


class Refused(Exception):
    """The archive as a whole cannot be taken; the message says why."""


@dataclass(slots=True)
class _Entry:
    name: str
    size: int
    time: float
    folder: bool
    problem: str
    handle: Any


def listing(path: Path) -> list[Row]:
    """The members of an archive, unread: files by their place in the list, from 0."""
    return [_row(entry, "") for entry in _members(path, lambda entry, opened: None)]


def unpack(path: Path, folder: Path) -> list[Row]:
    """Unpack every file into ``folder``; the members and where each lies now.

    Raises :class:`Refused`, and ``Unreadable`` where the machine fails or its disk is full.
    """
    rows: list[Row] = []
    room = min(TOTAL_CAP, shutil.disk_usage(folder).free * 3 // 4)
    state = {"left": room, "number": 0}

    def take(entry: _Entry, archive: Any) -> None:
        file = ""
        if not entry.folder and not entry.problem and _wanted(entry.name):
            state["number"] += 1
            file = f"{state['number']:06}{_ending(entry.name)}"
            entry.problem = _copied(archive, entry, folder / file, state)
        rows.append(_row(entry, "" if entry.problem else file))

    for _ in _members(path, take):
        pass
    return rows


def _row(entry: _Entry, file: str) -> Row:
    return [entry.name, file, entry.size, entry.time, entry.problem, entry.folder]


def _wanted(name: str) -> bool:
    """What systems and tools leave is listed, and not unpacked."""
    parts = PurePosixPath(name).parts
    return NO_LOOK.isdisjoint(parts) and not parts[-1].startswith("._")


def _ending(name: str) -> str:
    found = _ENDINGS.search(name)
    return found[0].lower() if found else ""


def _copied(archive: Any, entry: _Entry, to: Path, state: dict[str, int]) -> str:
    """Copy one member; why it could not be taken, or nothing."""
    cap = min(MEMBER_CAP, state["left"])
    made = 0
    try:
        with _opened(archive, entry) as source, _new(to) as target:
            while data := source.read(min(_CHUNK, cap + 1 - made)):
                made += len(data)
                if made > cap:
                    break
                target.write(data)
    except _BROKEN as error:
        to.unlink(missing_ok=True)
        if of_the_machine(error) or getattr(error, "errno", 0) in _FULL:
            raise Unreadable(getattr(error, "strerror", None) or str(error)) from error
        return f"is damaged ({str(error)[:100]})"
    if made > cap:
        to.unlink(missing_ok=True)
        if cap == state["left"]:
            raise Refused("it holds more than there is room for")
        return f"is larger than {MEMBER_CAP >> 20} MiB"
    state["left"] -= made
    return ""


_BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What ``zipfile`` unpacks piece by piece: 4 KiB of the others may become gigabytes at once."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def _new(path: Path) -> IO[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _opened(archive: Any, entry: _Entry) -> IO[bytes]:
    if isinstance(archive, zipfile.ZipFile):
        return archive.open(entry.handle)
    file: IO[bytes] | None = archive.extractfile(entry.handle)
    if file is None:
        raise tarfile.TarError("it holds nothing")
    return file


def _members(path: Path, take: Any) -> Iterator[_Entry]:
    """The members in their order, each handed to ``take`` while the archive is open."""
    try:
        with open_regular(path) as file:
            if os.fstat(file.fileno()).st_size > ARCHIVE_CAP:
                raise Refused(f"it is larger than {ARCHIVE_CAP >> 30} GiB")
            # A tar whose last member is a zip looks like a zip from its end: ask its beginning.
            packed = file.read(2) == b"PK"
            file.seek(0)
            yield from (_of_zip if packed else _of_tar)(file, take)
    except NotRegular as error:
        raise Refused(f"it {error.strerror}") from None
    except (Refused, Unreadable):
        raise
    except _BROKEN as error:
        words = getattr(error, "strerror", None) or str(error)
        if of_the_machine(error):
            raise Unreadable(words) from error
        raise Refused(f"it is not a readable zip or tar file ({words[:120]})") from error


def _of_zip(file: IO[bytes], take: Any) -> Iterator[_Entry]:
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        if len(infos) > MEMBERS_CAP:
            raise Refused(f"it holds more than {MEMBERS_CAP} files")
        for info in infos:
            name = _zip_name(info)
            mode = info.external_attr >> 16
            kind = mode & 0o170000
            problem = _name_problem(name)
            if info.flag_bits & 0x1:
                problem = "is encrypted"
            elif kind not in (0, 0o100000, 0o040000):
                problem = "is a symbolic link" if kind == 0o120000 else "is not a regular file"
            elif info.compress_type not in _BOUNDED:
                problem = "is packed in an unusual way: make an ordinary zip file"
            entry = _Entry(
                _plain(name), info.file_size, _zip_time(info), info.is_dir(), problem, info
            )
            if entry.name:
                take(entry, archive)
                yield entry


def _of_tar(file: IO[bytes], take: Any) -> Iterator[_Entry]:
    with tarfile.open(fileobj=file, mode="r:*", errors="surrogateescape") as archive:
        count = 0
        while (info := archive.next()) is not None:
            count += 1
            if count > MEMBERS_CAP:
                raise Refused(f"it holds more than {MEMBERS_CAP} files")
            problem = _name_problem(info.name)
            if info.issym() or info.islnk():
                problem = "is a symbolic link" if info.issym() else "is a hard link to another file"
            elif not info.isreg() and not info.isdir():
                problem = "is not a regular file"
            entry = _Entry(
                _plain(info.name), info.size, float(info.mtime), info.isdir(), problem, info
            )
            if entry.name:
                take(entry, archive)
                yield entry


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name. Many tools write UTF-8 without saying so; ``zipfile`` takes it for cp437."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        with contextlib.suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _name_problem(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", name):
        return "has a name that leaves the archive"
    if len(name) > _NAME_CAP or len(path.parts) > DEPTH_CAP:
        return "has a name that is too long"
    return ""


def _plain(name: str) -> str:
    """A name as text that can be sent, without what leads out of the archive."""
    text = name[: 2 * _NAME_CAP].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    parts = [p for p in text.split("/") if p not in ("", ".", "..")]
    return "/".join(parts[:DEPTH_CAP])


def _zip_time(info: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0
