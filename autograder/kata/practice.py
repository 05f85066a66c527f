"""Notebooks for a self-study workspace: a chapter each, its exercises as ``%%check`` cells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from autograder.outline import Chapter, Course


def notebooks(course: Course) -> Iterator[tuple[str, str]]:
    """``(file name, text)`` of a notebook (format 4.5) for each chapter that has a stub."""
    for chapter in course.chapters:
        if any(course.stub(e).is_file() for e in chapter.exercises):
            yield f"{chapter.id}.ipynb", _notebook(course, chapter)


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
