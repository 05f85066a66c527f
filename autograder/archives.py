"""Reading a zip that somebody else made: nothing is unpacked, caps hold while it is read."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

TOTAL_CAP = 512 << 20
"""Most bytes that are read of one archive."""


class ArchiveProblem(Exception):
    """The archive as a whole cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Member:
    """A wanted member: its bytes, or what is wrong with it."""

    name: str
    data: bytes
    problem: str = ""


def read_zip(
    path: Path, cap: Callable[[str], int], count_cap: int, wanted: Callable[[str], bool]
) -> list[Member]:
    """The members whose name is ``wanted``, each read up to ``cap(name)`` bytes, and up to
    ``TOTAL_CAP`` bytes all together.

    Raises :class:`ArchiveProblem` for a file that is no zip or has more than ``count_cap``
    members, and where a member's name leaves the archive.
    """
    try:
        if path.is_symlink() or path.stat().st_nlink > 1:
            raise ArchiveProblem("it is a link, not a file")
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > count_cap:
                raise ArchiveProblem(f"it holds more than {count_cap} files")
            for info in infos:
                _refuse_outside(info.filename)
            members: list[Member] = []
            left = TOTAL_CAP
            for info in infos:
                name = _clean(info.filename)
                if not info.is_dir() and wanted(name):
                    members.append(_read(archive, info, min(left, cap(name))))
                    left -= len(members[-1].data)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise ArchiveProblem(f"it is not a readable zip file ({str(error)[:120]})") from error
    return _without_common_folder(members)


def _clean(name: str) -> str:
    return name.replace("\\", "/")


def _refuse_outside(name: str) -> None:
    clean = PurePosixPath(_clean(name))
    drive = len(name) > 1 and name[1] == ":"
    if clean.is_absolute() or drive or ".." in clean.parts:
        raise ArchiveProblem(f"a member's name leaves the archive: {name[:100]!r}")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, cap: int) -> Member:
    name = _clean(info.filename)
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        kind = "a symbolic link" if stat.S_ISLNK(mode) else "not a regular file"
        return Member(name, b"", f"is {kind}")
    if info.flag_bits & 0x1:
        return Member(name, b"", "is encrypted")
    try:
        with archive.open(info) as file:
            data = file.read(cap + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        return Member(name, b"", f"is damaged ({str(error)[:100]})")
    if len(data) > cap:
        return Member(name, b"", f"is larger than {cap >> 10} KiB")
    return Member(name, data)


def _without_common_folder(members: list[Member]) -> list[Member]:
    """Many tools wrap everything in one folder: take it off, as if it were not there."""
    paths = [PurePosixPath(m.name) for m in members]
    if not paths or any("__MACOSX" in p.parts for p in paths):
        members = [m for m in members if "__MACOSX" not in m.name]
        paths = [PurePosixPath(m.name) for m in members]
    tops = {p.parts[0] for p in paths if len(p.parts) > 1}
    if len(tops) != 1 or any(len(p.parts) == 1 for p in paths):
        return members
    if min(len(p.parts) for p in paths) < 2:
        return members
    # A lone chapter folder is not a wrapper: its name matters only to say where a file was.
    stripped = [PurePosixPath(*p.parts[1:]) for p in paths]
    return [Member(str(s), m.data, m.problem) for s, m in zip(stripped, members, strict=True)]
