"""Reads submitted notebooks for nbgrader, whatever state they are in.

The cells come from the submission; what nbgrader knows of them (ids, points, locks, the text
of locked cells) comes from the gradebook alone. So a deleted, copied, retyped or forged cell,
an old format or a file that was cut off reaches nbgrader as a whole notebook, and what it
means for the mark is in the result.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from autograder.gradebook.ahead import Ahead
from autograder.gradebook.results import KataGrading, texts_for
from autograder.ingest.notebooks.markdown import literal
from autograder.ingest.readers import Reply, Request
from autograder.outline import Course


@dataclass(frozen=True, slots=True)
class Master:
    """A cell as the gradebook has it. ``points`` is None where it carries none."""

    id: str
    kind: str
    source: str
    locked: bool
    checksum: str
    points: float | None
    grade: bool
    solution: bool
    task: bool

    def cell(self, source: str | None = None) -> NotebookNode:
        """The cell for a notebook, with the student's text unless it is locked."""
        text = self.source if source is None or self.locked else source
        about: dict[str, Any] = {
            "cell_type": self.kind,
            "checksum": self.checksum,
            "grade": self.grade,
            "grade_id": self.id,
            "locked": self.locked,
            "schema_version": 3,
            "solution": self.solution,
            "task": self.task,
        }
        if self.points is not None:
            about["points"] = self.points
        metadata: dict[str, Any] = {"nbgrader": about, "deletable": False}
        if self.locked:
            metadata["editable"] = False
        make = new_code_cell if self.kind == "code" else new_markdown_cell
        return make(text, metadata=metadata)


class SubmissionExporter(NotebookExporter):  # type: ignore[misc]
    """nbconvert's exporter of notebooks, with a reader of its own for what was submitted."""

    export_from_notebook = None  # not one of the front end's "Save and Export As"

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        # There is one exporter per run.
        self._released: dict[str, tuple[dict[str, Master], Any]] = {}
        self._ahead = Ahead()

    def from_filename(
        self, filename: str, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """As the base class for files of ours; a submitted one is repaired on the way in."""
        coursedir = self.parent.coursedir
        about = (resources or {}).get("nbgrader", {})
        folder = ""
        if about:
            folder = coursedir.format_path(
                coursedir.submitted_directory, about["student"], about["assignment"]
            )
        if not folder or Path(filename).parent != Path(folder):
            return super().from_filename(filename, resources, **kw)  # type: ignore[no-any-return]
        resources.setdefault("metadata", {})
        resources["metadata"] |= {"name": Path(filename).stem, "path": folder}
        autograded = coursedir.format_path(
            coursedir.autograded_directory, about["student"], about["assignment"]
        )
        _drop_linked(Path(folder), Path(autograded))
        name = f"{about['assignment']}/{about['notebook']}"
        if name not in self._released:
            self._released[name] = masters_of(
                about["db_url"], about["notebook"], about["assignment"]
            )
        masters, _ = self._released[name]
        course = KataGrading(parent=self).opened()
        problem = _linked(Path(filename))
        request = self._request(about, about["student"], Path(filename), masters, course)
        reply = Reply() if problem else self._ahead.read(request)
        self._begin_next(about, Path(filename).name, masters, course)
        book = repaired(self._released[name], reply, problem)
        return self.from_notebook_node(book, resources=resources, **kw)  # type: ignore[no-any-return]

    def _request(
        self,
        about: dict[str, str],
        student: str,
        path: Path,
        masters: dict[str, Master],
        course: Course,
    ) -> Request:
        """What a reader is asked of the notebook at ``path``, or of the one in its folder that
        takes its place. The texts that were graded go along: one that lies beside the notebook
        is shown in its cell."""
        kinds = {name: master.kind for name, master in masters.items()}
        texts = texts_for(self.parent, about["assignment"], student)
        return Request("notebook", (str(_present(path)), kinds, course, dict(texts)))

    def _begin_next(
        self, about: dict[str, str], name: str, masters: dict[str, Master], course: Course
    ) -> None:
        """Have the next student's notebook read, where it is known who that is."""
        student = getattr(self.parent, "following", {}).get(about["student"])
        if student is None:
            return
        coursedir = self.parent.coursedir
        folder = coursedir.format_path(coursedir.submitted_directory, student, about["assignment"])
        path = Path(folder, name)
        if not _linked(path):
            with contextlib.suppress(RuntimeError):  # which is raised again when it is needed
                self._ahead.begin(self._request(about, student, path, masters, course))


def repaired(
    released: tuple[dict[str, Master], Any], reply: Reply, problem: str = ""
) -> NotebookNode:
    """A submitted notebook made whole: what a reader found in it, with the cells and the kernel of
    the one that was ``released``.

    It is read by a reader, so that nothing in it can stop nbgrader; what it holds besides
    answers is made harmless there, because nbgrader's pages show it as it is. A ``problem`` is
    words for why it was not read.
    """
    masters, kernelspec = released
    cells: list[Any] = [[master.kind, None, None, name] for name, master in masters.items()]
    if not problem:
        if reply.trouble:
            problem = f"could not be taken: {reply.trouble}"
        else:
            problem, cells = reply.value
    parts = [_cell(masters, *cell) for cell in cells]
    if problem:
        words = literal(f"This notebook could not be read: it {problem}.")
        parts.insert(0, new_markdown_cell(words))
    book = new_notebook(cells=parts, metadata={"kernelspec": kernelspec} if kernelspec else {})
    for number, cell in enumerate(book.cells):
        cell.id = f"kata-{number}"
    nbformat.validate(book)
    return book


def _cell(
    masters: dict[str, Master], kind: str, text: str | None, pictures: Any, name: str
) -> NotebookNode:
    if name:
        return masters[name].cell(text)
    if kind == "code":
        return new_code_cell(text)
    prose = new_markdown_cell(text)
    if pictures:
        prose.attachments = pictures
    return prose


def _drop_linked(folder: Path, copied: Path) -> None:
    """Take away what nbgrader has copied through links: it may be anybody's file, and what lies
    there goes back to the student with the feedback."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path.is_symlink():
                (copied / path.relative_to(folder)).unlink(missing_ok=True)


def _linked(path: Path) -> str:
    """Words where a folder that the notebook lies in is a link: it may be another student's."""
    for folder in (path.parent, path.parent.parent):
        if folder.is_symlink():
            return "is in a folder that is a symbolic link"
    return ""


def _present(path: Path) -> Path:
    if path.exists() or path.is_symlink() or not path.parent.is_dir():
        return path
    others = sorted(path.parent.glob("*.ipynb"))
    return others[0] if others else path


def keep_renamed(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before a submission: a notebook under another name stands for its chapter.

    nbgrader would skip it as unknown. Nothing is renamed on disk: the expected path is what
    goes on, and :func:`repaired` finds the file that is there.
    """
    paths = [Path(n) for n in notebooks]
    if not paths or any(p.stem == p.parent.name for p in paths):
        return
    folder = paths[0].parent
    notebooks[:] = [str(folder / f"{folder.name}.ipynb")]


def masters_of(db_url: str, notebook: str, assignment: str) -> tuple[dict[str, Master], Any]:
    """The cells of a released notebook by their names, and its kernel."""
    with Gradebook(db_url) as gradebook:
        entry = gradebook.find_notebook(notebook, assignment)
        points = {c.name: c.max_score for c in (*entry.grade_cells, *entry.task_cells)}
        grades = {c.name for c in entry.grade_cells}
        solutions = {c.name for c in entry.solution_cells}
        tasks = {c.name for c in entry.task_cells}
        masters = {
            c.name: Master(
                c.name,
                c.cell_type,
                c.source or "",
                bool(c.locked),
                c.checksum or "",
                points.get(c.name),
                c.name in grades,
                c.name in solutions,
                c.name in tasks,
            )
            for c in entry.source_cells
        }
        kernelspec = json.loads(entry.kernelspec) if entry.kernelspec else None
    return masters, kernelspec
