"""The members of a tar, compressed or not: read once from its beginning to its end, under caps."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO

from autograder.ingest.contents.archive_members import (
    BZIP2,
    GZIP,
    TAR,
    XZ,
    ArchiveProblem,
    Member,
    clean,
)
from autograder.text.regular import of_the_machine

STREAM_CAP = {TAR: 2 << 30, GZIP: 2 << 30, XZ: 512 << 20, BZIP2: 256 << 20}
"""Most bytes that a tar may unpack to: what each takes a few seconds for."""

_CHUNK = 64 << 10
_OPENERS: dict[str, Callable[[BinaryIO], Any]] = {
    TAR: lambda file: file,
    GZIP: lambda file: gzip.GzipFile(fileobj=file),
    BZIP2: bz2.BZ2File,
    XZ: lzma.LZMAFile,
}  # each unpacks no more than it is asked for
_BROKEN = (
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    ArithmeticError,
    AttributeError,
)


def read(file: BinaryIO, kind: str, size: int) -> Iterator[Member]:
    """The members of an open tar that are no folders; each can be read until the next."""
    stream = _Stream(file, kind)
    met = False
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=_CHUNK) as archive:  # type: ignore[call-overload]
            for info in archive:
                met = True
                archive.members = []  # or it would keep them all
                name = clean(info.name)
                if name and not info.isdir():
                    yield _member(archive, info, name)
    except MemoryError:
        raise ArchiveProblem("unpacking it takes too much memory") from None
    except _BROKEN as error:
        if isinstance(error, OSError) and of_the_machine(error):
            raise
        if not met and kind != TAR:
            raise ArchiveProblem(
                f"it is a single file packed by {kind}, or is damaged: "
                "hand in the file itself, or a .zip"
            ) from error
        raise ArchiveProblem(f"it is not a readable tar file ({str(error)[:120]})") from error


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, name: str) -> Member:
    problem = target = ""
    if info.islnk():
        target = clean(info.linkname)
        problem = "is a hard link to a file that is not in the archive"
    elif info.issym():
        problem = "is a symbolic link"
    elif not info.isreg():
        problem = "is not a regular file"
    return Member(name, info.size, partial(_content, archive, info), problem, target)


def _content(archive: tarfile.TarFile, info: tarfile.TarInfo, cap: int) -> bytes:
    try:
        file = archive.extractfile(info)
        data = file.read(cap + 1) if file is not None else b""
    except _BROKEN as error:
        if isinstance(error, OSError) and of_the_machine(error):
            raise
        raise ArchiveProblem(f"is damaged ({str(error)[:100]})") from error
    if len(data) < min(info.size, cap + 1):
        raise ArchiveProblem("is cut off: make the archive again")
    return data


class _Stream:
    """The unpacked bytes, never more at once than are asked for, nor more in all than the cap."""

    def __init__(self, file: BinaryIO, kind: str) -> None:
        self._file = _OPENERS[kind](file)
        self._cap = self._left = STREAM_CAP[kind]

    def read(self, size: int) -> bytes:
        made: bytes = self._file.read(size)
        self._left -= len(made)
        if self._left < 0:
            raise ArchiveProblem(
                f"it unpacks to more than {self._cap >> 20} MiB: leave out environments and data"
            )
        return made
