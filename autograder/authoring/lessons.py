"""A lesson's text -> the notebook that nbgrader takes as the source of an assignment.

A lesson is MyST Markdown as jupytext reads it: prose, ``{code-cell}`` blocks, and two
directives of ours. ``{exercise} <id>`` places an exercise: a locked cell with its title, the
solution cell (all of ``solutions/<chapter>/<id>.py``) and a locked cell that carries the
points. ``{output}`` after a code cell holds what the cell shows (:mod:`.outputs`); it becomes the
cell's stored output, and the tests run the cell and compare.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.authoring import outputs
from autograder.errors import KataError
from autograder.outline import Chapter, Course, Exercise
from autograder.text import notebook as text
from autograder.text.numbers import points

_DIRECTIVE = re.compile(
    r"^```\{(exercise|output)\}[ \t]*([^\n]*)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL
)
KATA = "kata"  # tag of the cells that are for `%check` and its like
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class LessonError(KataError):
    """A lesson that cannot become a notebook; the message names file, place and fix."""


def notebook(course: Course, chapter: Chapter, *, samples: bool = True) -> NotebookNode:
    """The source notebook of a chapter; :class:`LessonError` where its lesson is at fault.

    A chapter without a lesson gives a notebook with its exercises and nothing else. Without
    ``samples`` no cell has an output.
    """
    return _book(course, chapter, samples=samples)[0]


def stated(course: Course, chapter: Chapter) -> dict[str, outputs.Stated]:
    """What the cells of a chapter's lesson show, by the cells' ids; cells that show nothing are
    left out."""
    return _book(course, chapter, samples=False)[1]


def _book(
    course: Course, chapter: Chapter, *, samples: bool = True
) -> tuple[NotebookNode, dict[str, outputs.Stated]]:
    path = course.lesson(chapter.id)
    if path.is_file():
        lesson = _read(path)
    else:
        placed = "".join(f"```{{exercise}} {e.id}\n```\n\n" for e in chapter.exercises)
        lesson = [new_markdown_cell(f"# {chapter.title}\n\n{placed}")]
    cells: list[NotebookNode] = []
    placed_ids: list[str] = []
    said: list[tuple[NotebookNode, outputs.Stated]] = []
    for cell in lesson:
        if cell.cell_type != "markdown":
            cells.append(_plain_code(cell))
            continue
        at = 0
        for match in _DIRECTIVE.finditer(cell.source):
            _prose(cells, cell.source[at : match.start()])
            at = match.end()
            if match[1] == "output":
                said.append(_stated_by(path, cells, match[3]))
            else:
                exercise = _placed(path, course, chapter, match[2].strip(), placed_ids)
                placed_ids.append(exercise.id)
                cells += exercise_cells(course, exercise)
        _prose(cells, cell.source[at:])
    left = [e.id for e in chapter.exercises if e.id not in placed_ids]
    if left:
        raise LessonError(
            f"{path}: {', '.join(left)} is not placed; write a ```{{exercise}} {left[0]} block"
        )
    for cell, output in said if samples else ():
        _store(path, cell, output)
    cells.insert(1, _for_kata(text.LOAD))
    _give_ids(chapter, cells)
    book = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    book.metadata["language_info"] = {"name": "python"}
    nbformat.validate(book)
    return book, {cell.id: output for cell, output in said}


def with_outputs(text: str, bodies: list[str]) -> str:
    """A lesson's text with other bodies for its output blocks, in their order."""
    left = iter(bodies)
    return _DIRECTIVE.sub(
        lambda m: m[0] if m[1] == "exercise" else f"```{{output}}\n{next(left)}```", text
    )


def _read(path: Path) -> list[NotebookNode]:
    try:
        text = path.read_text(encoding="utf-8")
        book = jupytext.reads(text, fmt="md:myst")
    except (OSError, UnicodeDecodeError) as error:
        raise LessonError(f"{path}: {error}") from error
    except Exception as error:  # jupytext names no class of its own for what it cannot read
        raise LessonError(f"{path}: not a lesson that jupytext reads: {error}") from error
    cells: list[NotebookNode] = book.cells
    return cells


def _prose(cells: list[NotebookNode], text: str) -> None:
    if text.strip():
        cells.append(new_markdown_cell(text.strip()))


def _plain_code(cell: NotebookNode) -> NotebookNode:
    metadata = {"tags": list(cell.metadata["tags"])} if cell.metadata.get("tags") else {}
    return new_code_cell(cell.source, metadata=metadata)


def _stated_by(
    path: Path, cells: list[NotebookNode], text: str
) -> tuple[NotebookNode, outputs.Stated]:
    if not cells or cells[-1].cell_type != "code" or "nbgrader" in cells[-1].metadata:
        raise LessonError(f"{path}: an {{output}} block stands after no code cell:\n{text}")
    return cells[-1], outputs.read(text)


def _store(path: Path, cell: NotebookNode, output: outputs.Stated) -> None:
    try:
        cell.outputs = outputs.stored(output, path.parent)
    except outputs.OutputError as error:
        raise LessonError(f"{path}: {error}") from None


def _placed(path: Path, course: Course, chapter: Chapter, id: str, before: list[str]) -> Exercise:
    known = {e.id: e for e in chapter.exercises}
    if id not in known:
        ids = ", ".join(known) or "none"
        raise LessonError(f"{path}: {{exercise}} {id}: {chapter.id} has {ids}")
    if id in before:
        raise LessonError(f"{path}: exercise {id} is placed twice")
    return known[id]


def _give_ids(chapter: Chapter, cells: list[NotebookNode]) -> None:
    """Cell ids that are the same in every build, so that a build can be compared."""
    for number, cell in enumerate(cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"{chapter.id}-{number}"
        cell.id = hashlib.sha256(str(name).encode()).hexdigest()[:12]


# -- an exercise ------------------------------------------------------------------------------


def exercise_cells(course: Course, exercise: Exercise) -> list[NotebookNode]:
    """Task, solution, a cell for the student's own check, and the checks of grading: with the
    metadata by which nbgrader knows them."""
    path = course.solution(exercise)
    if not path.is_file():
        raise LessonError(f"{path}: exercise {exercise.id!r} has no reference solution")
    source = path.read_text(encoding="utf-8")
    about = (exercise.id, exercise.title, exercise.section, exercise.points, exercise.minutes)
    words = (
        f"# Checks of {exercise.id}, {points(exercise.points)} points. "
        "They are hidden and run when\n"
        "# your notebook is graded; nothing in this cell is run. Leave it as it is."
    )
    return [
        new_markdown_cell(text.task(*about), metadata=_nbgrader(f"{exercise.id}-task")),
        new_code_cell(source.rstrip("\n"), metadata=_nbgrader(exercise.id, solution=True)),
        _for_kata(text.check(exercise.id)),
        new_code_cell(
            words, metadata=_nbgrader(f"{exercise.id}-checks", grade=True, points=exercise.points)
        ),
    ]


def _for_kata(source: str) -> NotebookNode:
    """A cell in which students check their work, once they have run their cell."""
    return new_code_cell(source, metadata={"tags": [KATA]})


def _nbgrader(
    grade_id: str, *, solution: bool = False, grade: bool = False, points: float | None = None
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    if points is not None:
        values["points"] = points
    return {"nbgrader": values}
