"""What strangers leave in a scratch folder: how much it is, and its removal, however deep."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

MOST_FILES = 16_384
"""Files and folders that a worker may have, as in a scratch file system behind namespaces."""

MOST_DEPTH = 100
"""Folders within folders."""


def size(folder: str, enough: int) -> int:
    """Bytes that the files below ``folder`` occupy; counting ends above ``enough``.

    Too many files, or too deep ones, count as more than ``enough``.
    """
    total = count = 0
    top = folder.count("/")
    with contextlib.suppress(OSError):
        for place, names, files, handle in os.fwalk(folder):
            count += len(names) + len(files)
            for name in files:
                with contextlib.suppress(OSError):  # it is gone by now
                    facts = os.stat(name, dir_fd=handle, follow_symlinks=False)
                    total += facts.st_blocks * 512
            deep = place.count("/") - top > MOST_DEPTH
            if deep or count > MOST_FILES or total > enough:
                return max(total, enough + 1)
    return total


def remove(folder: str) -> None:
    """Remove a folder with all in it, once nobody writes to it any more.

    Folders within folders are moved up first: they may lie deeper than a path can reach, and
    than a function can call itself.
    """
    prefix, number = f"{folder}/.{os.urandom(8).hex()}-", 0
    pending = [folder]
    while pending:
        place = pending.pop()
        with contextlib.suppress(OSError):
            Path(place).chmod(0o700)
            with os.scandir(place) as entries:
                for entry in list(entries):
                    with contextlib.suppress(OSError):
                        if not entry.is_dir(follow_symlinks=False):
                            Path(entry.path).unlink()
                        elif place == folder:
                            pending.append(entry.path)
                        else:
                            number += 1
                            moved = f"{prefix}{number}"
                            Path(entry.path).rename(moved)
                            pending.append(moved)
        if place != folder:
            with contextlib.suppress(OSError):
                Path(place).rmdir()
    with contextlib.suppress(OSError):
        Path(folder).rmdir()
