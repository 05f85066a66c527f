"""Notebooks for tests: as nbgrader releases them, and as students hand them back."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from autograder.authoring import lessons
from autograder.outline import Course
from autograder.stubs import stub_text

GOOD = "def double(x):\n    return 2 * x\n"
BAD = "def double(x):\n    return 3 * x\n"
STACK = "class Stack(list):\n    push = list.append\n"


def released(course: Course, number: int = 0) -> dict[str, Any]:
    """A chapter's notebook with stubs in it, as JSON data."""
    book: dict[str, Any] = json.loads(json.dumps(lessons.notebook(course, course.chapters[number])))
    for exercise in course.exercises:
        for cell in book["cells"]:
            if grade_id(cell) == exercise.id:
                text = course.solution(exercise).read_text(encoding="utf-8")
                cell["source"] = stub_text(exercise, text, Path(exercise.id))
    return book


def grade_id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def cell_of(book: dict[str, Any], id: str) -> dict[str, Any]:
    return next(c for c in book["cells"] if grade_id(c) == id)


def answered(course: Course, **answers: str) -> dict[str, Any]:
    """A released notebook with answers typed into it."""
    book = copy.deepcopy(released(course))
    for id, text in answers.items():
        cell_of(book, id)["source"] = text
    return book


def code(source: str, **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"c{abs(hash(source)) % 10**8}",
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def save(book: Any, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(book if isinstance(book, str) else json.dumps(book), encoding="utf-8")
    return path
