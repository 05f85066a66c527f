"""Notebooks for a self-study workspace: a lesson each, its exercises as cells to fill in.

Made of the lessons' text alone, without jupytext and nbformat: to import those takes seconds, and
`kata init` is the first thing that a student waits for. A chapter without a lesson gives a
notebook with its exercises.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.kata import lesson
from autograder.outline import Chapter, Course, Exercise
from autograder.text import notebook as words

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_TAGS = re.compile(r"\A:tags:[ \t]*\[([^\]]*)\][ \t]*\n\n?")
_PICTURE = re.compile(r"\A:picture:[ \t]*(\S+)[ \t]*\n")

Cell = dict[str, Any]


def notebooks(course: Course) -> Iterator[tuple[str, str]]:
    """``(file name, text)`` of a notebook (format 4.5) for each chapter that has a stub."""
    for chapter in course.chapters:
        if any(course.stub(e).is_file() for e in chapter.exercises):
            yield f"{chapter.id}.ipynb", _written(list(_cells(course, chapter)))


def _written(cells: list[Cell]) -> str:
    for number, cell in enumerate(cells):
        # The same in every workspace, so that two can be compared.
        name = cell["metadata"].get("nbgrader", {}).get("grade_id") or f"{number}"
        cell["id"] = hashlib.sha256(name.encode()).hexdigest()[:12]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _cells(course: Course, chapter: Chapter) -> Iterator[Cell]:
    left = {e.id: e for e in chapter.exercises if course.stub(e).is_file()}
    path = course.lesson(chapter.id)
    text = path.read_text(encoding="utf-8") if path.is_file() else f"# {chapter.title}\n"
    last: Cell | None = None
    loaded = False
    for kind, argument, body in lesson.blocks(text):
        if kind == "output":
            if last is not None:
                last["outputs"] = list(_outputs(body, path.parent))
            continue
        if kind == "exercise":
            exercise = left.pop(argument, None)
            last = None
            if exercise is not None:
                yield from _exercise(course, exercise)
            continue
        cell = _code(body) if kind == "code-cell" else _markdown(body)
        last = cell if kind == "code-cell" else None
        yield cell
        if not loaded:
            yield _for_kata(words.LOAD)
            loaded = True
    for exercise in left.values():
        yield from _exercise(course, exercise)


def _markdown(text: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": text.strip()}


def _code(text: str) -> Cell:
    metadata: dict[str, Any] = {}
    if tags := _TAGS.match(text):
        metadata["tags"] = [tag.strip() for tag in tags[1].split(",") if tag.strip()]
        text = text[tags.end() :]
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": text.strip("\n"),
    }


def _outputs(body: str, folder: Path) -> Iterator[dict[str, Any]]:
    """What a lesson says that a cell shows; a value in «…» is that of a recorded run."""
    picture = _PICTURE.match(body)
    text = re.sub("«([^«»\n]*)»", r"\1", body[picture.end() :] if picture else body).rstrip("\n")
    *before, last = text.split("\n")
    said = "\n".join(before if picture else [*before, last])
    if said:
        yield {"output_type": "stream", "name": "stdout", "text": f"{said}\n"}
    if picture and (folder / picture[1]).is_file():
        png = base64.b64encode((folder / picture[1]).read_bytes()).decode()
        data = {"image/png": png, "text/plain": last}
        yield {"output_type": "display_data", "data": data, "metadata": {}}


def _exercise(course: Course, exercise: Exercise) -> Iterator[Cell]:
    """Its title, the cell for the answer, and the cell that checks it. The contract is in the
    docstrings of the answer."""
    about = (exercise.id, exercise.title, exercise.section, exercise.points, exercise.minutes)
    yield _graded(_markdown(words.task(*about)), f"{exercise.id}-task", False)
    stub = course.stub(exercise).read_text(encoding="utf-8")
    yield _graded(_code(stub), exercise.id, True)
    yield _for_kata(words.check(exercise.id))


def _for_kata(source: str) -> Cell:
    return {**_code(source), "metadata": {"tags": [lesson.OUR_CELLS]}}


def _graded(cell: Cell, id: str, solution: bool) -> Cell:
    """The metadata by which nbgrader, and `autograde grade`, know an answer."""
    cell["metadata"]["nbgrader"] = {
        "grade": False,
        "grade_id": id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return cell
