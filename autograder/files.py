"""Files of a submission: regular ones only, by content, under caps; no link is followed."""

from __future__ import annotations

import os
import re
import stat
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.notebooks.reading import NOTEBOOK_CAP, Cell, NotebookProblem, read

FILE_CAP = 1 << 20
"""Most bytes of one source file."""

FILES_CAP = 10_000
"""Most files that one submission may hold."""

NOTEBOOKS_CAP = 60
"""Most notebooks that are read of one submission."""

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
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            return SourceFile(inner, b"", "is a symbolic link")
        if not stat.S_ISREG(status.st_mode):
            return SourceFile(inner, b"", "is not a regular file")
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return SourceFile(inner, b"", "is not a regular file")
            if status.st_nlink > 1:
                return SourceFile(inner, b"", "is a hard link to another file")
            # A copy: what read() returns keeps a page of its own, or more, for as long as it lives.
            data = bytes(memoryview(file.read(most + 1)))
    except OSError as error:
        return SourceFile(inner, b"", f"cannot be read ({error.strerror})")
    if len(data) > most:
        return SourceFile(inner, b"", f"is larger than {most >> 10} KiB")
    return source_file(inner, data)


def walk(root: Path) -> Iterator[tuple[Path, PurePosixPath]]:
    """Every file under ``root`` and its path within it; ``OSError`` where there are too many."""
    pending = [(root, PurePosixPath())]
    count = 0
    while pending:
        folder, relative = pending.pop()
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda e: e.name):
                count += 1
                if count > FILES_CAP:
                    raise OSError(f"it holds more than {FILES_CAP} files")
                inner = relative / entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in IGNORED and len(inner.parts) < 12:
                        pending.append((Path(entry.path), inner))
                else:
                    yield Path(entry.path), inner


def stem(name: str) -> str:
    """``count_up (1).py`` and ``Count-Up.PY.txt`` -> the name without copies and endings."""
    base = re.split(r"(?i)\.(?:py|ipynb)(?:\.(?:txt|json))?$", name)[0]
    base = re.sub(r"(?i)^copy of ", "", base)
    return re.sub(r"(?i)[ _]*(?:\(\d+\)|copy|- Copy|-Copy\d+)$", "", base)


def key(name: str) -> str:
    """What two spellings of one name share."""
    return re.sub(r"[\s_-]+", "", name).casefold()


def encoding_problem(data: bytes) -> str:
    """Why the bytes are no Python source text, in words; empty if they are."""
    if b"\0" in data:
        return "holds zero bytes: it is no text file"
    lines = iter(data.splitlines(keepends=True))
    problem = ""
    try:
        encoding, _ = tokenize.detect_encoding(lambda: next(lines, b""))
    except SyntaxError as error:
        # Raised for a bad byte near the top, too: only the rest is about a declaration.
        problem = f"names an encoding that cannot be used ({str(error)[:120]})"
        encoding = "utf-8"
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return f"is not {error.encoding} text: byte 0x{data[error.start]:02x} in line {line}"
    return problem
