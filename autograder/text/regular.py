"""Opening files that a stranger laid down, and showing their names."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograder.text.characters import harms

SHOWN = 120
"""Most characters of a file's name that a message repeats."""


_OF_THE_MACHINE = {
    getattr(errno, name)
    for name in (
        "EACCES",
        "EPERM",
        "EIO",
        "EMFILE",
        "ENFILE",
        "ENOMEM",
        "ENOENT",
        "ESTALE",
        "EBUSY",
        "EAGAIN",
        "ETIMEDOUT",
        "ENOTCONN",
        "ENODEV",
        "EHOSTDOWN",
        "EREMOTEIO",
    )
    if hasattr(errno, name)
}


class Unreadable(Exception):
    """The machine does not let us read it; the message says why."""


def of_the_machine(error: BaseException) -> bool:
    """Whether an error is one of the machine that reads, not of what was handed in."""
    return isinstance(error, OSError) and error.errno in _OF_THE_MACHINE


class NotRegular(OSError):
    """The path holds no regular file of its own; ``strerror`` says what it is."""

    def __init__(self, words: str) -> None:
        super().__init__(0, words)


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file, following no link and waiting for no pipe.

    A file with several names is opened where only its owner, or the user who runs this, can have
    given it the one it is opened by: a student must not have us read what only we may. Raises
    :class:`NotRegular` for anything else, and ``OSError``.
    """
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise NotRegular("is a symbolic link")
    if not stat.S_ISREG(status.st_mode):
        raise NotRegular("is not a regular file")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        file.close()
        raise NotRegular("is not a regular file")
    if status.st_nlink > 1 and not _linked_by_its_owner(path, status):
        file.close()
        raise NotRegular("is a hard link to another person's file: hand in a copy")
    return file


def _linked_by_its_owner(path: Path, file: os.stat_result) -> bool:
    """Whether a hard link lies where only the file's owner or we can have made it.

    Copies of a class by ``cp -al``, backups and stores of packages are made of hard links.
    """
    if not hasattr(os, "geteuid"):
        return True  # who can make a link there could have copied the file
    folder = path.parent.lstat()
    if stat.S_ISLNK(folder.st_mode) and folder.st_uid == os.geteuid():
        folder = path.parent.stat()  # our own link
    if not stat.S_ISDIR(folder.st_mode) or folder.st_mode & stat.S_IWOTH:
        return False
    if folder.st_mode & stat.S_IWGRP and folder.st_gid != os.getegid():
        return False
    return folder.st_uid in (os.geteuid(), file.st_uid)


def text(raw: str) -> str:
    """A name as plain text, with a replacement character for all that is not text or does harm."""
    try:
        data = raw.encode("utf-8", "surrogateescape")  # the bytes that the file system holds
    except UnicodeEncodeError:
        data = raw.encode("utf-8", "replace")
    decoded = data.decode("utf-8", "replace")
    plain = "".join("\N{REPLACEMENT CHARACTER}" if harms(c) else c for c in decoded)
    return raw if plain == raw else plain  # thousands of names are kept: not twice


def shown(path: PurePosixPath | str) -> str:
    """A path within a submission as a message repeats it: plain text, cut in the middle."""
    words = text(str(path))
    if len(words) <= SHOWN:
        return words
    return f"{words[: SHOWN // 2]}…{words[-SHOWN // 2 :]}"
