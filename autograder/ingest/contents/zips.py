"""The members of a zip: caps hold while it is read, by every method of compression."""

from __future__ import annotations

import bz2
import copy
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import IO, Any, BinaryIO

from autograder.ingest.contents.archive_members import MEMBERS_CAP, ArchiveProblem, Member, clean
from autograder.text.regular import of_the_machine

_DIRECTORY_CAP = 32 << 20  # bytes of the list of members
_CHUNK = 64 << 10
_DICTIONARY_CAP = 64 << 20  # bytes that an LZMA member may ask for ahead
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    LookupError,
    ArithmeticError,
    AttributeError,
)


def read(file: BinaryIO, _: str, size: int) -> Iterator[Member]:
    """The members of an open zip that are no folders."""
    try:
        _refuse_huge(file, size)
        with zipfile.ZipFile(file) as archive:
            infos = archive.infolist()
            if len(infos) > MEMBERS_CAP:
                raise ArchiveProblem(
                    f"it holds more than {MEMBERS_CAP} files: leave out environments and data"
                )
            named = [(info, clean(_name(info))) for info in infos]
            for info, name in named:
                if name and not info.filename.endswith(("/", "\\")):
                    yield Member(
                        name, info.file_size, partial(_content, archive, info), _problem(info)
                    )
    except _BROKEN as error:
        if isinstance(error, OSError) and of_the_machine(error):
            raise
        words = getattr(error, "strerror", None) or str(error)  # the path is not the student's
        raise ArchiveProblem(f"it is not a readable zip file ({words[:120]})") from error


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; one in UTF-8 that does not say so is taken for UTF-8 all the same."""
    if info.filename.isascii() or info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _problem(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return "is a symbolic link" if stat.S_ISLNK(mode) else "is not a regular file"
    if info.flag_bits & 0x1:
        return "is encrypted: make a zip without a password"
    if info.compress_type not in (
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
        zipfile.ZIP_BZIP2,
        zipfile.ZIP_LZMA,
    ):
        return "is packed in an unusual way: make an ordinary zip file"
    return ""


def _refuse_huge(file: BinaryIO, size: int) -> None:
    """Look at the list of members before anything is built of it."""
    file.seek(max(0, size - 22 - 65_535))
    tail = file.read(22 + 65_535)
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) >= at + 22:
        (listed,) = struct.unpack_from("<L", tail, at + 12)
        if listed != 0xFFFF_FFFF and listed > _DIRECTORY_CAP:
            raise ArchiveProblem("its list of files is too long")
        if listed == 0xFFFF_FFFF and size > 4 * _DIRECTORY_CAP:
            raise ArchiveProblem("it is a zip64 archive: pack the answers in an ordinary zip")
    file.seek(0)


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, cap: int) -> bytes:
    """At most ``cap + 1`` bytes of a member."""
    try:
        if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            with archive.open(info) as file:
                return file.read(cap + 1)
        return _inflated(archive, info, cap)
    except _BROKEN as error:
        if isinstance(error, OSError) and of_the_machine(error):
            raise
        raise ArchiveProblem(f"is damaged ({str(error)[:100]})") from error


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
