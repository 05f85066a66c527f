"""Files of a submission: regular ones only, by content, under caps; no link is followed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from autograder.notebooks.reading import NOTEBOOK_CAP, Cell, NotebookProblem, read
from autograder.regular import NotRegular, Unreadable, of_the_machine, open_regular

FILE_CAP = 1 << 20
"""Most bytes of one source file."""

FILES_CAP = 10_000
"""Most files that one submission may hold."""

NOTEBOOKS_CAP = 60
"""Most notebooks that are read of one submission."""

TEXT_CAP = 32 << 20
"""Most characters of all notebooks' cells of one submission."""

_DEPTH_CAP = 12

IGNORED = {"__pycache__", "__MACOSX", ".git", ".ipynb_checkpoints", ".venv", "node_modules"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A candidate: where it lies in the submission, and its bytes or what is wrong with it.

    ``cells`` are those of a notebook, whose bytes are not kept.
    """

    path: PurePosixPath
    data: bytes
    problem: str = ""
    cells: tuple[Cell, ...] | None = None
    fault: bool = False
    """Whether the problem is one of this machine, and not of what was handed in."""

    @property
    def is_notebook(self) -> bool:
        return is_notebook(self.path.name)


def is_notebook(name: str) -> bool:
    """Whether a file of this name is taken for a notebook."""
    return re.search(r"(?i)\.ipynb(?:\.(?:json|txt))?$", name) is not None


def cap(name: str) -> int:
    """Most bytes that are read of a file of this name."""
    return NOTEBOOK_CAP if is_notebook(name) else FILE_CAP


def source_file(path: PurePosixPath, data: bytes, problem: str = "") -> SourceFile:
    """A file that was read; a notebook is turned into its cells at once."""
    if problem or not is_notebook(path.name):
        return SourceFile(path, data, problem)
    try:
        return SourceFile(path, b"", cells=tuple(read(data)))
    except NotebookProblem as error:
        return SourceFile(path, b"", str(error))


def read_file(path: Path, inner: PurePosixPath) -> SourceFile:
    """One regular file, by a descriptor that follows no link."""
    most = cap(inner.name)
    try:
        with open_regular(path) as file:
            # A sparse file of any length costs nothing to lay down.
            size = os.fstat(file.fileno()).st_size
            # A copy: what read() returns keeps a page of its own, or more, for as long as it lives.
            data = b"" if size > most else bytes(memoryview(file.read(most + 1)))
    except NotRegular as error:
        return SourceFile(inner, b"", str(error.strerror))
    except OSError as error:
        words = f"cannot be read ({error.strerror})"
        return SourceFile(inner, b"", words, fault=of_the_machine(error))
    if max(size, len(data)) > most:
        return SourceFile(inner, b"", f"is larger than {most >> 10} KiB")
    return source_file(inner, data)


def walk(root: Path, unread: list[SourceFile]) -> Iterator[tuple[Path, PurePosixPath]]:
    """Every file under ``root`` and its path within it.

    A folder that this machine does not let us read is added to ``unread`` and left out. Raises
    :class:`Unreadable` where that is ``root``, and ``OSError`` where there are too many files.
    """
    pending = [(root, PurePosixPath())]
    count = 0
    while pending:
        folder, relative = pending.pop()
        try:
            with os.scandir(folder) as entries:
                found = list(islice(entries, FILES_CAP + 1 - count))
        except OSError as error:
            if folder == root:
                raise Unreadable(error.strerror or str(error)) from None
            words = f"is a folder that cannot be read ({error.strerror})"
            unread.append(SourceFile(relative, b"", words, fault=True))
            continue
        count += len(found)
        if count > FILES_CAP:
            raise OSError(f"it holds more than {FILES_CAP} files")
        for entry in sorted(found, key=lambda e: e.name):
            inner = relative / entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in IGNORED and len(inner.parts) < _DEPTH_CAP:
                    pending.append((Path(entry.path), inner))
            else:
                yield Path(entry.path), inner


_ENDING = re.compile(r"(?i)\.(?:py|ipynb)(?:\.(?:txt|json))?$")
_COPY = re.compile(r"(?i)(?:\(\d{1,9}\)|- Copy|-Copy\d{1,9}|copy)$")


def stem(name: str) -> str:
    """``count_up (1).py`` and ``Count-Up.PY.txt`` -> the name without copies and endings."""
    base = re.sub(r"(?i)^copy of ", "", _ENDING.sub("", name))
    copied = _COPY.search(base)
    return base[: copied.start()].rstrip(" _") if copied else base


def key(name: str) -> str:
    """What two spellings of one name share."""
    return re.sub(r"[\s_-]+", "", name).casefold()
