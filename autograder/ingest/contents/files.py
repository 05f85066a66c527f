"""One file of a submission: a regular one, by content, under caps; no link is followed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.ingest.contents import disguises
from autograder.ingest.contents.account import Row
from autograder.ingest.contents.naming import NOBODY, Claim, is_notebook, is_python, key, stem
from autograder.ingest.notebooks.reading import NOTEBOOK_CAP, Cell, NotebookProblem, read
from autograder.text.encoding import encoding_problem
from autograder.text.regular import NotRegular, of_the_machine, open_regular

__all__ = [
    "FILES_CAP",
    "FILE_CAP",
    "NOTEBOOKS_CAP",
    "TEXT_CAP",
    "SourceFile",
    "cap",
    "content",
    "is_notebook",
    "key",
    "read_file",
    "source_file",
    "stem",
]

FILE_CAP = 1 << 20
"""Most bytes of one source file."""

FILES_CAP = 10_000
"""Most files of one submission that may hold an answer, by their names."""

NOTEBOOKS_CAP = 60
"""Most notebooks that are read of one submission."""

TEXT_CAP = 32 << 20
"""Most characters of all notebooks' cells of one submission."""


_ROOT = PurePosixPath()


@dataclass(slots=True)
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
    empty: bool = False
    """Whether it holds nothing, which is its problem."""
    claim: Claim = NOBODY
    """The exercise that its name stands for."""
    as_notebook: bool = False
    """Whether it is a notebook, by its name or despite it."""
    base: PurePosixPath = _ROOT
    """The folder or archive that counts as the submission's root for it."""
    in_environment: bool = False
    """Whether a Python environment was made around it: it counts where nothing else does."""
    row: Row | None = None

    def __post_init__(self) -> None:
        self.as_notebook = self.as_notebook or is_notebook(self.path.name)

    @property
    def is_notebook(self) -> bool:
        return self.as_notebook


def cap(name: str) -> int:
    """Most bytes that are read of a file of this name."""
    return NOTEBOOK_CAP if is_notebook(name) else FILE_CAP


def content(path: Path, most: int) -> tuple[bytes, str, bool]:
    """The bytes of a regular file, by a descriptor that follows no link: at most ``most``; else
    what is wrong with it, and whether that is a fault of this machine."""
    try:
        with open_regular(path) as file:
            # A sparse file of any length costs nothing to lay down.
            size = os.fstat(file.fileno()).st_size
            # A copy: what read() returns keeps a page of its own, or more, for as long as it lives.
            data = b"" if size > most else bytes(memoryview(file.read(most + 1)))
    except NotRegular as error:
        return b"", str(error.strerror), False
    except OSError as error:
        return b"", f"cannot be read ({error.strerror})", of_the_machine(error)
    if max(size, len(data)) > most:
        return b"", f"is larger than {most >> 10} KiB", False
    return data, "", False


def head(path: Path) -> bytes:
    """The first bytes of a regular file; nothing where they cannot be read."""
    try:
        with open_regular(path) as file:
            return file.read(300)
    except OSError:
        return b""


def read_file(path: Path, inner: PurePosixPath) -> SourceFile:
    """One regular file, taken for what its name says."""
    data, problem, fault = content(path, cap(inner.name))
    return source_file(inner, data, problem, fault=fault)


def source_file(
    path: PurePosixPath,
    data: bytes,
    problem: str = "",
    *,
    fault: bool = False,
    claim: Claim = NOBODY,
    chapter: str = "",
) -> SourceFile:
    """A file that was read; a notebook is turned into its cells at once, and so is one that was
    exported or saved as a script. ``chapter`` is the one whose notebook its name stands for."""
    file = SourceFile(path, data, problem, fault=fault, claim=claim)
    if problem:
        file.as_notebook |= bool(chapter)
    elif is_notebook(path.name):
        _take_cells(file)
    elif is_python(path.name) or claim.id:
        _look_inside(file, chapter)
    return file


def _take_cells(file: SourceFile) -> None:
    data, file.data = file.data, b""
    try:
        file.cells = tuple(read(data))
    except NotebookProblem as error:
        file.problem = str(error)


def _look_inside(file: SourceFile, chapter: str) -> None:
    """What a script holds: source text, the cells of a notebook, or what is no Python at all."""
    if disguises.is_notebook_text(file.data):
        _take_cells(file)
        file.as_notebook = not file.problem
        if file.problem:
            file.problem = f"is a notebook saved as a script, and {file.problem}"
        return
    file.empty = not file.data.strip()
    file.problem = disguises.disguise(file.data) or encoding_problem(file.data)
    if file.problem:
        file.as_notebook = bool(chapter)
        return
    marked = b"# In[" in file.data or b"# %%" in file.data or b"#%%" in file.data
    if not chapter and not marked:
        return
    text = file.data.decode("utf-8-sig", "replace")
    export = disguises.is_export(text)
    if chapter or (export and (not file.claim.id or disguises.needs_ipython(text))):
        file.cells, file.data, file.as_notebook = disguises.exported(text), b"", True
