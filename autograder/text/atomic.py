"""Files that are either the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from autograder.errors import KataError


class LinkInTheWay(OSError, KataError):
    """A symbolic link stands where we would write: the person who made it chose where it leads."""

    def __init__(self, path: Path) -> None:
        OSError.__init__(
            self, errno.ELOOP, "is a symbolic link, and nothing is written through one"
        )
        self.filename = str(path)

    def __str__(self) -> str:
        return f"{self.filename} {self.strerror}"


def own_folder(path: Path, below: Path | None = None) -> Path:
    """Make the folder ``path`` if it is not there; :class:`LinkInTheWay` where it is a link.

    With ``below``, every folder on the way from there is looked at as well.
    """
    steps = [path]
    if below is not None:
        parts = path.relative_to(below).parts
        steps = [below.joinpath(*parts[: n + 1]) for n in range(len(parts))]
    for step in steps:
        if step.is_symlink():
            raise LinkInTheWay(step)
    path.mkdir(parents=True, exist_ok=True)
    return path


@contextlib.contextmanager
def replacing(path: Path, *, newline: str | None = None) -> Iterator[IO[str]]:
    """A text file that takes the place of ``path`` once the block is left without an error.

    What stands at ``path`` itself is replaced, be it a link: never what a link leads to.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    new = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8", newline=newline) as file:
            yield file
        # mkstemp makes it private; a report is as readable as any other new file.
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o666 & ~mask)
        new.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
