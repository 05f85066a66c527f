"""Runs the cells of lessons, and keeps what they showed by the content of the lesson.

A lesson is run as students get it, from top to bottom with the exercises still unsolved.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import nbclient
import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder import stubs
from autograder.authoring import lessons, pictures
from autograder.errors import KataError
from autograder.outline import Chapter, Course
from autograder.text.atomic import replacing

TIMEOUT = 120
"""Seconds that one cell may take."""
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class ExecutionError(KataError):
    """A cell that raised, or took too long; the message names chapter and cell."""


def executed(course: Course, chapter: Chapter, cache: Path | None = None) -> NotebookNode:
    """The chapter's notebook with what its cells show on this machine.

    With a folder ``cache``, a lesson runs once per content of its code cells, Python and versions
    of the packages that they import. Raises :class:`ExecutionError` and
    :class:`~autograder.authoring.lessons.LessonError`.
    """
    book = runnable(course, chapter)
    kept = cache / f"{chapter.id}-{digest(book)}.ipynb" if cache else None
    if kept and kept.is_file():
        before = nbformat.reads(kept.read_text(encoding="utf-8"), as_version=4)
        for cell, ran in zip(_code(book), _code(before), strict=True):
            cell.outputs = ran.outputs
        return book
    run(book, chapter.id)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with replacing(kept) as file:
            file.write(nbformat.writes(book))
    return book


def _code(book: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in book.cells if cell.cell_type == "code"]


def runnable(course: Course, chapter: Chapter) -> NotebookNode:
    """The chapter's notebook with stubs in the place of solutions, and without `%check` cells."""
    book = lessons.notebook(course, chapter, samples=False)
    exercises = {e.id: e for e in chapter.exercises}
    for cell in book.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if lessons.KATA in cell.metadata.get("tags", ()):
            cell.source = ""  # a student's check, which needs a workspace
        elif cell.cell_type == "code" and grade_id in exercises:
            path = course.solution(exercises[grade_id])
            text = path.read_text(encoding="utf-8")
            cell.source = stubs.stub_text(exercises[grade_id], text, path)
    return book


def run(book: NotebookNode, name: str) -> None:
    """Run the cells in an empty folder, with a Jupyter of their own; sets their outputs."""
    with tempfile.TemporaryDirectory(prefix="kata-lesson-") as folder:
        place = {"IPYTHONDIR": f"{folder}/ipython", "JUPYTER_RUNTIME_DIR": f"{folder}/runtime"}
        work = Path(folder, "work")
        work.mkdir()
        client = nbclient.NotebookClient(
            book,
            timeout=TIMEOUT,
            kernel_name="python3",
            resources={"metadata": {"path": str(work)}},
        )
        env = {**os.environ, **place, **dict.fromkeys(_THREADS, "1")}
        try:
            # What the kernel says on its own stderr is about its connection.
            client.execute(env=env, stderr=subprocess.DEVNULL)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise ExecutionError(f"the lesson of {name}: {error}") from None


# -- what a run depends on ----------------------------------------------------------------------


def digest(book: NotebookNode) -> str:
    """What decides which outputs a run gives: code, Python, packages, and how pictures are made."""
    cells = [[c.source, "raises-exception" in c.metadata.get("tags", ())] for c in _code(book)]
    made_by = Path(pictures.__file__).read_text(encoding="utf-8")
    facts = [cells, sys.version, platform.platform(), sorted(_versions(book)), made_by]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def _versions(book: NotebookNode) -> Iterator[tuple[str, str]]:
    """Each distribution that cells import, and its version."""
    distributions = metadata.packages_distributions()
    for name in {name for cell in _code(book) for name in _imported(cell)}:
        for distribution in distributions.get(name, ()):
            yield distribution, metadata.version(distribution)


def _imported(cell: NotebookNode) -> Iterator[str]:
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:  # a magic, or a cell that is to raise
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
