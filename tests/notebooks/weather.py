"""A class of notebooks of the toy course: most are whole, fifteen are broken in fifteen ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.outline import Course
from tests.notebooks.books import GOOD, answered, cell_of, save

CHAPTER = "basics"
LOOP = "while True:\n    pass\n" + GOOD
EATS = "x = bytearray(1 << 40)\n" + GOOD


def answer(number: int) -> str:
    """An answer to ``double`` of its own for each student, every third of them wrong."""
    factor = 3 if number % 3 == 0 else 2
    return f"def double(x):\n    student = {number}\n    return {factor} * x\n"


def mark(number: int) -> float:
    """What :func:`answer` earns of four points."""
    return 0.0 if number % 3 == 0 else 4.0


def whole(course: Course, root: Path, number: int) -> str:
    """Hand in a whole notebook; returns the student's name."""
    name = f"s{number:03}"
    save(answered(course, double=answer(number)), root / name / CHAPTER / f"{CHAPTER}.ipynb")
    return name


def broken(course: Course, root: Path) -> dict[str, tuple[str, str]]:
    """Hand in the fifteen; for each student the verdict on ``double`` and words that it has."""
    text = json.dumps(answered(course, double=GOOD))
    merged = text.replace('"cells": [', '"cells": [\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n')
    files: dict[str, str | bytes] = {
        "b01_cut": text[: len(text) * 2 // 3],
        "b02_empty": "",
        "b03_web_page": "<!DOCTYPE html><html><body>Sign in</body></html>",
        "b04_conflict": merged,
        "b05_script": GOOD,
        "b06_zip": b"PK\x03\x04" + bytes(200),
        "b07_bytes": bytes(range(256)) * 20,
        "b08_no_cells": '{"metadata": {}, "nbformat": 4}',
        "b09_nested": '{"cells": ' + "[" * 1_000_000,
        "b10_list": json.dumps([text]),
    }
    for name, data in files.items():
        path = root / name / CHAPTER / f"{CHAPTER}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    books: dict[str, Any] = {
        "b11_syntax": answered(course, double="def double(x)\n    return 2 * x\n"),
        "b12_loop": answered(course, double=LOOP),
        "b13_exit": answered(course, double="import os\nos._exit(0)\n"),
        "b14_memory": answered(course, double=EATS),
    }
    gone = answered(course)
    gone["cells"] = [c for c in gone["cells"] if c is not cell_of(gone, "double")]
    books["b15_deleted"] = gone
    for name, book in books.items():
        save(book, root / name / CHAPTER / f"{CHAPTER}.ipynb")
    return {
        "b01_cut": ("rejected", "cut off"),
        "b02_empty": ("rejected", "is empty: save it"),
        "b03_web_page": ("rejected", "web page"),
        "b04_conflict": ("rejected", "conflict marks"),
        "b05_script": ("rejected", "not a notebook"),
        "b06_zip": ("rejected", "zip file: unpack it"),
        "b07_bytes": ("rejected", "not a notebook"),
        "b08_no_cells": ("rejected", "no cells"),
        "b09_nested": ("rejected", "nested too deeply"),
        "b10_list": ("rejected", "not a notebook"),
        "b11_syntax": ("raised", "SyntaxError"),
        "b12_loop": ("timed out", "Timed out after"),
        "b13_exit": ("crashed", "ended"),
        "b14_memory": ("out of memory", "memory"),
        "b15_deleted": ("not attempted", "no id, and no double"),
    }
