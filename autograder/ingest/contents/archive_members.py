"""A member of an archive, of whatever format, and the formats that are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.text.regular import text

MEMBERS_CAP = 200_000
"""Most members of an archive, whatever they are."""

_NAME_CAP = 1000  # characters of a member's name

ZIP, TAR, GZIP, BZIP2, XZ = "zip", "tar", "gzip", "bzip2", "xz"


class ArchiveProblem(Exception):
    """The archive as a whole cannot be taken; the message says why."""


@dataclass(slots=True)
class Member:
    """One member. ``read(cap)`` gives its first ``cap + 1`` bytes, as long as it is the latest.

    ``problem`` says why it is not to be read; ``target`` is the member that it is a link to.
    """

    name: str
    size: int
    read: Callable[[int], bytes]
    problem: str = ""
    target: str = ""


def clean(name: str) -> str:
    """A member's name with slashes; :class:`ArchiveProblem` where it leads out of the archive."""
    slashed = name.replace("\\", "/")
    path = PurePosixPath(slashed)
    drive = len(name) > 1 and name[1] == ":"
    if path.is_absolute() or drive or ".." in path.parts:
        raise ArchiveProblem(f"a member's name leaves the archive: {text(name[:100])!r}")
    if len(name) > _NAME_CAP:
        raise ArchiveProblem(f"a member's name has more than {_NAME_CAP} characters")
    return "" if slashed in ("", ".", "./") else str(path)
