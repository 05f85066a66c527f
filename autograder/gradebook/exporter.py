"""Reads submitted notebooks for nbgrader, whatever state they are in.

The cells come from the submission; what nbgrader knows of them (ids, points, locks, the text
of locked cells) comes from the gradebook alone. So a deleted, copied, retyped or forged cell,
an old format or a file that was cut off reaches nbgrader as a whole notebook, and what it
means for the mark is in the result.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from nbgrader.api import Gradebook

from autograder.choosing import stub_of
from autograder.files import read_file
from autograder.gradebook.results import KataGrading
from autograder.notebooks import answers
from autograder.notebooks.reading import Cell
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
            "cell_type": self.kind, "checksum": self.checksum, "grade": self.grade,
            "grade_id": self.id, "locked": self.locked, "schema_version": 3,
            "solution": self.solution, "task": self.task,
        }  # fmt: skip
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

    def from_filename(
        self, filename: str, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """As the base class for files of ours; a submitted one is mended on the way in."""
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
        book = mended(Path(filename), about, KataGrading(parent=self).opened())
        return self.from_notebook_node(book, resources=resources, **kw)  # type: ignore[no-any-return]


def mended(path: Path, about: dict[str, str], course: Course) -> NotebookNode:
    """The notebook at ``path``, or the one in its folder that takes its place, made whole."""
    file = read_file(_present(path), PurePosixPath(path.parent.name, path.name))
    cells = file.cells or ()
    masters, kernelspec = _masters(about["db_url"], about["notebook"], about["assignment"])
    made = _placed(cells, masters, course)
    if file.problem:
        made.insert(
            0, new_markdown_cell(f"**This notebook could not be read:** it {file.problem}.")
        )
    book = new_notebook(cells=made, metadata={"kernelspec": kernelspec} if kernelspec else {})
    for number, cell in enumerate(book.cells):
        cell.id = f"kata-{number}"
    nbformat.validate(book)
    return book


def _present(path: Path) -> Path:
    if path.exists() or path.is_symlink() or not path.parent.is_dir():
        return path
    others = sorted(path.parent.glob("*.ipynb"))
    return others[0] if others else path


def keep_renamed(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """nbgrader's hook before a submission: a notebook under another name stands for its chapter.

    nbgrader would skip it as unknown. Nothing is renamed on disk: the expected path is what
    goes on, and :func:`mended` finds the file that is there.
    """
    paths = [Path(n) for n in notebooks]
    if not paths or any(p.stem == p.parent.name for p in paths):
        return
    folder = paths[0].parent
    notebooks[:] = [str(folder / f"{folder.name}.ipynb")]


def _masters(db_url: str, notebook: str, assignment: str) -> tuple[dict[str, Master], Any]:
    with Gradebook(db_url) as gradebook:
        found = gradebook.find_notebook(notebook, assignment)
        points = {c.name: c.max_score for c in (*found.grade_cells, *found.task_cells)}
        grades = {c.name for c in found.grade_cells}
        solutions = {c.name for c in found.solution_cells}
        tasks = {c.name for c in found.task_cells}
        masters = {
            c.name: Master(
                c.name, c.cell_type, c.source or "", bool(c.locked), c.checksum or "",
                points.get(c.name), c.name in grades, c.name in solutions, c.name in tasks,
            )
            for c in found.source_cells
        }  # fmt: skip
        kernelspec = json.loads(found.kernelspec) if found.kernelspec else None
    return masters, kernelspec


def _placed(cells: Any, masters: dict[str, Master], course: Course) -> list[NotebookNode]:
    """The submission's cells, each master cell among them once, with the master's metadata."""
    place: dict[str, int] = {}
    joined: dict[str, int] = {}
    for number, cell in enumerate(cells):
        if cell.grade_id in masters:
            place[cell.grade_id] = number  # the last one counts, as it does in a kernel
    for exercise in course.exercises:
        if exercise.id not in masters:
            continue
        want = answers.wanted(exercise.id, stub_of(course, exercise))
        found = answers.find(cells, want)
        place.pop(exercise.id, None)
        if found is not None and found.cells[0] not in place.values():
            place[exercise.id] = found.cells[0]
            joined[exercise.id] = max(found.cells)
    taken = {number: name for name, number in place.items()}
    lists: list[list[NotebookNode]] = []
    for number, cell in enumerate(cells):
        name = taken.get(number)
        if name is None:
            lists.append([_as_it_is(cell)])
        else:
            text = answers.code(cell) if masters[name].kind == "code" else cell.source
            lists.append([masters[name].cell(text)])
    tail: list[NotebookNode] = []
    for name in _in_order(masters, course):
        if name in place:
            continue
        base = name.removesuffix("-checks").removesuffix("-task")
        anchor = place.get(base)
        cell = masters[name].cell()
        if anchor is None or base == name:
            tail.append(cell)
        elif name.endswith("-task"):
            lists[anchor].insert(0, cell)
        else:
            lists[joined.get(base, anchor)].append(cell)
    return [cell for group in lists for cell in group] + tail


def _as_it_is(cell: Cell) -> NotebookNode:
    """A cell of the student's own. Outputs are left behind: nobody knows what made them."""
    if cell.kind == "code":
        return new_code_cell(cell.source)
    if cell.kind == "raw":
        return new_raw_cell(cell.source)
    made = new_markdown_cell(cell.source)
    if _are_attachments(cell.attachments):
        made.attachments = cell.attachments
    return made


def _are_attachments(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(bundle, dict) and all(isinstance(data, str) for data in bundle.values())
        for bundle in value.values()
    )


def _in_order(masters: dict[str, Master], course: Course) -> list[str]:
    trios = [f"{e.id}{end}" for e in course.exercises for end in ("-task", "", "-checks")]
    known = [name for name in trios if name in masters]
    return known + sorted(set(masters) - set(known))
