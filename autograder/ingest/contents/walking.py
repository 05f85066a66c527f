"""The files of a folder, without what is litter; names only, and no link is followed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from autograder.ingest.contents import litter
from autograder.text.regular import Unreadable

ENTRIES_CAP = 200_000
"""Most entries of a submission's folders that are looked at."""

DEPTH_CAP = 12
"""Folders below this depth are not looked into."""

TOO_DEEP = f"is more than {DEPTH_CAP - 1} folders deep and was not looked into"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something met in a folder.

    ``reason`` says why it is not looked at, and is empty for a file that may be. ``blind`` says
    whether an answer may lie in it for all we know, ``fault`` whether that is this machine's
    fault; ``odd`` what it is if it is not a regular file.
    """

    path: PurePosixPath
    place: Path
    reason: str = ""
    blind: bool = False
    fault: bool = False
    odd: str = ""


def walk(root: Path, holds_work: Callable[[set[str]], bool]) -> Iterator[Entry]:
    """Everything under ``root`` in a fixed order; what is not looked into is an entry, too.

    ``holds_work`` says whether a Python environment with these entries is a student's folder all
    the same. Raises :class:`Unreadable` where this machine does not let us read ``root``.
    """
    pending = [(root, PurePosixPath())]
    left = ENTRIES_CAP
    while pending:
        folder, relative = pending.pop()
        try:
            with os.scandir(folder) as entries:
                found = list(islice(entries, left + 1))
        except OSError as error:
            if folder == root:
                raise Unreadable(error.strerror or str(error)) from None
            words = f"is a folder that cannot be read ({error.strerror})"
            yield Entry(relative, folder, words, blind=True, fault=True)
            continue
        left -= len(found)
        if left < 0:
            words = f"holds more than {ENTRIES_CAP} files: leave out environments and data"
            yield Entry(relative, folder, words, blind=True)
            return
        names = {e.name for e in found}
        environment = litter.ENVIRONMENT_MARK in names
        if environment and folder != root and not holds_work(names):
            yield Entry(relative, folder, litter.ENVIRONMENT)
            continue
        for entry in sorted(found, key=lambda e: e.name):
            inner, place = relative / entry.name, Path(entry.path)
            if not entry.is_dir(follow_symlinks=False):
                yield Entry(inner, place, litter.file(entry.name), odd=_odd(entry))
            elif reason := litter.folder(entry.name, environment):
                yield Entry(inner, place, reason)
            elif len(inner.parts) >= DEPTH_CAP:
                yield Entry(inner, place, TOO_DEEP, blind=True)
            else:
                pending.append((place, inner))


def _odd(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "is a symbolic link"
    return "" if entry.is_file(follow_symlinks=False) else "is not a regular file"
