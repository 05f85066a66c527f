"""Students' archives: their real format, whatever their name says, and what they hold.

Nothing is unpacked: members are read one by one, under caps. Zip and tar are read (:mod:`.zips`,
:mod:`.tars`); for other formats, a message says what would do.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from autograder.ingest.contents import tars, zips
from autograder.ingest.contents.archive_members import (
    BZIP2,
    GZIP,
    MEMBERS_CAP,
    TAR,
    XZ,
    ZIP,
    ArchiveProblem,
    Member,
)
from autograder.text.regular import NotRegular, Unreadable, of_the_machine, open_regular

ARCHIVE_CAP = 512 << 20
"""Most bytes of an archive."""

TOTAL_CAP = 512 << 20
"""Most bytes that are read of all archives of a submission, once unpacked."""

_HEAD = 300  # bytes that tell what a file is

_MAGIC = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08", ZIP),
    (b"\x1f\x8b", GZIP),
    (b"BZh", BZIP2),
    (b"\xfd7zXZ\x00", XZ),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"\x1f\x9d", "compress"),
    (b"LZIP", "lzip"),
    (b"MSCF", "cab"),
    (b"xar!", "xar"),
    (b"!<arch>", "ar"),
)
NAMED = re.compile(
    r"(?i)\.(zip|tar|tgz|tbz2?|txz|tzst|tar\.(?:gz|bz2?|xz|zst|lz|lzma|lz4|z|br)|7z|rar|gz|bz2|xz|zst|"
    r"lz|lzma|lz4|z|cab|arj|ace|lzh|sitx?|iso|dmg|z\d\d|r\d\d|zipx|(?:zip|7z|rar|tar)\.\d{3})"
    r"(?:\.(?:txt|zip|html?))?$"
)
_PART = re.compile(r"(?i)\.(?:z\d\d|r\d\d|(?:zip|7z|rar|tar)\.\d{3}|part\d+\.rar)(?:\.txt)?$")
_ADVICE = "hand in a .zip, or the files themselves"


@dataclass(slots=True)
class Budget:
    """Bytes that may still be read of a submission's archives."""

    left: int = TOTAL_CAP


def is_archive(name: str) -> bool:
    """Whether a file of this name is taken for an archive, be it one that is not opened."""
    return NAMED.search(name) is not None


def kind(head: bytes) -> str:
    """What the first bytes of a file are of; empty for no archive."""
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")
    return found or (TAR if head[257:262] == b"ustar" else "")


def members(source: Path | bytes, name: str) -> Iterator[Member]:
    """The members of an archive that are files or links, in its order.

    Raises :class:`ArchiveProblem` for what is not an archive that can be read, and where a member's
    name leaves it; ``Unreadable`` where the machine fails.
    """
    try:
        with _opened(source) as file:
            size = file.seek(0, 2)
            file.seek(0)
            head = file.read(_HEAD)
            file.seek(0)
            found = kind(head) or _by_name(name)
            _refuse(found, head, name, size)
            read = zips.read if found == ZIP else tars.read
            for count, member in enumerate(read(file, found, size)):
                if count >= MEMBERS_CAP:
                    raise ArchiveProblem(
                        f"it holds more than {MEMBERS_CAP} files: leave out environments and data"
                    )
                yield member
    except NotRegular as error:
        link = "link" in str(error.strerror)
        raise ArchiveProblem(
            "it is a link, not a file" if link else f"it {error.strerror}"
        ) from None
    except OSError as error:
        words = error.strerror or str(error)  # the path is not the student's
        if of_the_machine(error):
            raise Unreadable(words) from error
        raise ArchiveProblem(f"it is not a readable archive ({words[:120]})") from error


def content(member: Member, cap: int, budget: Budget) -> tuple[bytes, str]:
    """The bytes of a member, or what is wrong with it."""
    if member.problem:
        return b"", member.problem
    most = min(cap, budget.left)
    try:
        data = member.read(most)
    except ArchiveProblem as error:
        return b"", str(error)
    if len(data) > cap:
        budget.left -= cap
        return b"", f"is larger than {cap >> 10} KiB"
    budget.left -= min(len(data), most)
    if len(data) > most:
        return b"", f"was not read: archives here unpack to more than {TOTAL_CAP >> 20} MiB"
    return data, ""


def again(source: Path, name: str, wanted: str, cap: int) -> tuple[bytes, str]:
    """The bytes of one member of an archive that was listed before; of two, the last."""
    found = b"", "is no longer there"
    try:
        for member in members(source, name):
            if member.name == wanted:
                found = content(member, cap, Budget())
    except (ArchiveProblem, Unreadable) as error:
        return b"", str(error)
    return found


def _opened(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else open_regular(source)


def _by_name(name: str) -> str:
    """A tar of the old kind has no mark, and neither has what is damaged."""
    return TAR if re.search(r"(?i)\.tar(?:\.txt)?$", name) else ZIP


def _refuse(found: str, head: bytes, name: str, size: int) -> None:
    """Raise for what is told by its size, its first bytes or its name alone."""
    if _PART.search(name):
        raise ArchiveProblem(f"it is one part of a split archive: {_ADVICE} in one piece")
    if not size:
        raise ArchiveProblem("it is empty: create it again and hand in the new one")
    if size > ARCHIVE_CAP:
        raise ArchiveProblem(f"it is larger than {ARCHIVE_CAP >> 20} MiB")
    if found not in (ZIP, TAR, GZIP, BZIP2, XZ):
        raise ArchiveProblem(f"it is a {found} archive, which is not opened: {_ADVICE}")
    if kind(head):
        return
    if re.match(rb"(?is)\s*<(?:!doctype|html|\?xml|head|body)", head):
        raise ArchiveProblem(
            "it is a web page, not an archive: download the archive itself and hand that in"
        )
    ending = NAMED.search(name)
    if ending and not re.fullmatch(r"(?i)zip|tar", ending[1]):
        raise ArchiveProblem(f"it is not a readable {ending[1].lower()} archive: {_ADVICE}")
