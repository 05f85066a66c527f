"""Notebooks for a self-study workspace: a lesson each, its exercises as cells to fill in.

What makes notebooks of lessons may not be installed: then a notebook holds the exercises alone,
as ``%%check`` cells, and says where the lesson's text is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from autograder.outline import Chapter, Course


def notebooks(course: Course) -> Iterator[tuple[str, str]]:
    """``(file name, text)`` of a notebook (format 4.5) for each chapter that has a stub."""
    for chapter in course.chapters:
        if any(course.stub(e).is_file() for e in chapter.exercises):
            text = _lesson(course, chapter) or _notebook(course, chapter)
            yield f"{chapter.id}.ipynb", text


def _lesson(course: Course, chapter: Chapter) -> str | None:
    """The lesson as ``autograde build`` makes it, with stubs; None where it cannot be made."""
    if not all(course.stub(e).is_file() for e in chapter.exercises):
        return None
    if not course.lesson(chapter.id).is_file():
        return None
    try:
        import nbformat

        from autograder.authoring import lessons
    except ImportError:
        return None
    try:
        book = lessons.notebook(course, chapter)
    except (lessons.LessonError, SyntaxError):
        return None
    stubs = {e.id: course.stub(e).read_text(encoding="utf-8") for e in chapter.exercises}
    checks = {f"%check {id}": f"%check {id} --save" for id in stubs}
    cells = []
    for cell in book.cells:
        known = cell.metadata.get("nbgrader", {})
        if known.get("grade"):
            continue  # it says that the checks are hidden, which none is here
        if known.get("solution"):
            cell.source = stubs[known["grade_id"]].rstrip("\n")
        elif cell.cell_type == "code":
            # The exercise's file is what the other commands know.
            cell.source = checks.get(cell.source, cell.source)
        cells.append(cell)
    book.cells = cells
    return str(nbformat.writes(book)) + "\n"


def _notebook(course: Course, chapter: Chapter) -> str:
    cells = [
        _cell("markdown", f"# {chapter.title}\n\nThe lesson: `../lessons/{chapter.id}.md`."),
        _cell("code", "%load_ext autograder.kata"),
    ]
    for exercise in chapter.exercises:
        stub = course.stub(exercise)
        if not stub.is_file():
            continue
        words = f"## {exercise.section} {exercise.title}\n\nAbout {exercise.minutes} minutes. "
        words += f"Fill in the cell and run it; it is checked. `%hint {exercise.id}` helps."
        cells.append(_cell("markdown", words))
        text = f"%%check {exercise.id} --save\n{stub.read_text(encoding='utf-8')}"
        cells.append(_cell("code", text.rstrip()))
    for number, cell in enumerate(cells):
        cell["id"] = f"kata-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
