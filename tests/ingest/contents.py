"""What students of the class write: few texts, so that a run grades few of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TOY = Path(__file__).parents[1] / "toy_course"

DOUBLE = b"def double(x):\n    return x + x\n"
DOUBLE_AGAIN = b"def double(x):\n    return 2 * x\n"
DOUBLE_WRONG = b"def double(x):\n    return 3 * x\n"
DOUBLE_PARTLY = b"def double(x):\n    return x * x\n"
DOUBLE_STUB = (TOY / "exercises/basics/double.py").read_bytes()
DOUBLE_UTF16 = DOUBLE.decode().encode("utf-16")
DOUBLE_CP1252 = "# für Zoë\n".encode("cp1252") + DOUBLE

STACK = b"class Stack(list):\n    push = list.append\n"
STACK_WRONG = b"class Stack:\n    def push(self, x): pass\n    def pop(self): return 1\n"
STACK_STUB = (TOY / "exercises/basics/stack.py").read_bytes()

SEVEN_ZIP = b"7z\xbc\xaf\x27\x1c\0\4" + bytes(64)
RAR = b"Rar!\x1a\7\1\0" + bytes(64)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
HTML = b"<html><body><p>I could not come.</p></body></html>\n"


def notebook(*cells: tuple[str, bytes]) -> bytes:
    """A notebook as nbgrader releases it: a cell for each ``(grade_id, source)``."""
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {
                "nbgrader": {
                    "grade": False,
                    "grade_id": id,
                    "locked": False,
                    "schema_version": 3,
                    "solution": True,
                    "task": False,
                }
            },
            "outputs": [],
            "source": source.decode(),
        }
        for number, (id, source) in enumerate(cells)
    ]
    book = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1).encode()


STUB_NOTEBOOK = notebook(("double", DOUBLE_STUB), ("stack", STACK_STUB))
