"""Reading a zip that somebody else made: nothing is unpacked, caps hold while it is read."""

from __future__ import annotations

import bz2
import copy
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from autograder.regular import NotRegular, Unreadable, of_the_machine, open_regular, text

ARCHIVE_CAP = 512 << 20
"""Most bytes of an archive."""

TOTAL_CAP = 512 << 20
"""Most bytes that are read of one archive, once unpacked."""

_DIRECTORY_CAP = 16 << 20  # bytes of the list of members
_NAME_CAP = 1000  # characters of a member's name
_CHUNK = 64 << 10
_DICTIONARY_CAP = 64 << 20  # bytes that an LZMA member may ask for ahead
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError,
    RuntimeError, ValueError, struct.error, LookupError, ArithmeticError, AttributeError,
)  # fmt: skip


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
) -> Iterator[Member]:
    """The members whose name is ``wanted``, each read up to ``cap(name)`` bytes, and up to
    ``TOTAL_CAP`` bytes all together. A folder that holds all of them is taken off their names.

    Raises :class:`ArchiveProblem` for a file that is no zip or has more than ``count_cap``
    members, and where a member's name leaves the archive; ``Unreadable`` where the machine fails.
    """
    try:
        with open_regular(path) as file:
            _refuse_huge(file)
            with zipfile.ZipFile(file) as archive:
                infos = archive.infolist()
                if len(infos) > count_cap:
                    raise ArchiveProblem(f"it holds more than {count_cap} files")
                for info in infos:
                    _refuse_outside(info.filename)
                infos = [i for i in infos if i.filename]  # is_dir() fails on an empty name
                chosen = [i for i in infos if not i.is_dir() and wanted(_clean(i.filename))]
                names = _without_common_folder([_clean(i.filename) for i in chosen])
                left = TOTAL_CAP
                for info, name in zip(chosen, names, strict=True):
                    if name:
                        member = _read(archive, info, name, min(left, cap(name)))
                        left -= len(member.data)
                        yield member
    except NotRegular as error:
        link = "link" in str(error.strerror)
        raise ArchiveProblem(
            "it is a link, not a file" if link else f"it {error.strerror}"
        ) from None
    except _BROKEN as error:
        words = getattr(error, "strerror", None) or str(error)  # the path is not the student's
        if of_the_machine(error):
            raise Unreadable(words) from error
        raise ArchiveProblem(f"it is not a readable zip file ({words[:120]})") from error


def _refuse_huge(file: IO[bytes]) -> None:
    """Look at the size, and at that of the list of members, before anything is built of it."""
    size = file.seek(0, 2)
    if size > ARCHIVE_CAP:
        raise ArchiveProblem(f"it is larger than {ARCHIVE_CAP >> 20} MiB")
    file.seek(max(0, size - 22 - 65_535))
    tail = file.read(22 + 65_535)
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) >= at + 22:
        (listed,) = struct.unpack_from("<L", tail, at + 12)
        if listed != 0xFFFF_FFFF and listed > _DIRECTORY_CAP:
            raise ArchiveProblem("its list of files is too long")
        if listed == 0xFFFF_FFFF and size > 4 * _DIRECTORY_CAP:
            raise ArchiveProblem("it is a zip64 archive, which nobody's answers need")
    file.seek(0)


def _clean(name: str) -> str:
    return name.replace("\\", "/")


def _refuse_outside(name: str) -> None:
    clean = PurePosixPath(_clean(name))
    drive = len(name) > 1 and name[1] == ":"
    if clean.is_absolute() or drive or ".." in clean.parts:
        raise ArchiveProblem(f"a member's name leaves the archive: {text(name[:100])!r}")
    if len(name) > _NAME_CAP:
        raise ArchiveProblem(f"a member's name has more than {_NAME_CAP} characters")


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, cap: int) -> Member:
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        kind = "a symbolic link" if stat.S_ISLNK(mode) else "not a regular file"
        return Member(name, b"", f"is {kind}")
    if info.flag_bits & 0x1:
        return Member(name, b"", "is encrypted")
    try:
        if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            with archive.open(info) as file:
                data = file.read(cap + 1)
        elif info.compress_type in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            data = _inflated(archive, info, cap)
        else:
            return Member(name, b"", "is packed in an unusual way: make an ordinary zip file")
    except _BROKEN as error:
        if of_the_machine(error):
            raise
        return Member(name, b"", f"is damaged ({str(error)[:100]})")
    if len(data) > cap:
        return Member(name, b"", f"is larger than {cap >> 10} KiB")
    return Member(name, data)


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo, cap: int) -> bytes:
    """At most ``cap + 1`` bytes of a bzip2 or LZMA member.

    ``zipfile`` bounds what it inflates for deflate only: of these two a chunk of 4 KiB may
    become gigabytes at once.
    """
    packed = copy.copy(info)
    packed.compress_type, packed.file_size = zipfile.ZIP_STORED, info.compress_size
    packed.CRC = None  # type: ignore[assignment]  # it is the content's; checked below
    made: list[bytes] = []
    room = cap + 1
    with archive.open(packed) as file:
        inflate = bz2.BZ2Decompressor() if info.compress_type == zipfile.ZIP_BZIP2 else _lzma(file)
        data = b""
        while room > 0 and not inflate.eof:
            if inflate.needs_input:
                data = file.read(_CHUNK)
                if not data:
                    if info.compress_type == zipfile.ZIP_LZMA:
                        break  # an end mark is optional there
                    raise EOFError("it ends too early")
            piece = inflate.decompress(data, min(room, 1 << 20))
            data = b""
            made.append(piece)
            room -= len(piece)
    whole = b"".join(made)
    if room > 0 and zlib.crc32(whole) != info.CRC:
        raise zipfile.BadZipFile("its checksum is wrong")
    return whole


def _lzma(file: IO[bytes]) -> Any:
    """A decompressor after the head of an LZMA member (APPNOTE.TXT, 5.8.8)."""
    _, size = struct.unpack("<HH", file.read(4))
    properties = file.read(min(size, 5))
    if len(properties) < 5 or properties[0] >= 9 * 5 * 5:
        raise zipfile.BadZipFile("its LZMA properties are wrong")
    coded, lc = divmod(properties[0], 9)
    pb, lp = divmod(coded, 5)
    dictionary = max(4096, int.from_bytes(properties[1:5], "little"))
    if dictionary > _DICTIONARY_CAP:
        raise zipfile.BadZipFile("it asks for too large a dictionary")
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)


def _without_common_folder(names: list[str]) -> list[str]:
    """Many tools wrap everything in one folder: take it off, as if it were not there.

    Empty where a name is of no interest.
    """
    paths = [PurePosixPath(n) for n in names]
    mine = [p for p in paths if "__MACOSX" not in p.parts]
    tops = {p.parts[0] for p in mine if len(p.parts) > 1}
    # A lone chapter folder is not a wrapper: its name matters only to say where a file was.
    wrapped = len(tops) == 1 and all(len(p.parts) > 1 for p in mine)
    kept = set(mine)
    return [
        "" if p not in kept else str(PurePosixPath(*p.parts[1:])) if wrapped else str(p)
        for p in paths
    ]
