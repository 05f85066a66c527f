"""``kata show``: what an exercise asks for, as its stub says it.

Signatures, decorators, fields and examples are code and stay as they are. Prose wraps to any
width: paragraphs, list items and the entries of ``Args:`` or ``Raises:`` each by themselves.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from autograder.command_line.program import SOLID, unbroken
from autograder.kata.lines import Line, steps
from autograder.kata.terminal import TOGETHER
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.outline import Exercise
from autograder.text.numbers import points

FULL = 80
"""Columns from which a line was broken because it was full, not because its text ends there."""

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_ITEM = re.compile(r"(?:[*-]|\d+\.) +")
_SECTION = re.compile(r"(?:Args|Arguments|Attributes|Parameters|Raises|Returns|Yields):$")
_ENTRY = re.compile(r"\*{0,2}[A-Za-z_][\w.]*(?:, \*{0,2}[A-Za-z_][\w.]*)*(?: \([^)]*\))?: +\S")


def page(workspace: Workspace, exercise: Exercise, label: str, width: int) -> Iterator[Line]:
    """What ``kata show`` shows. ``label`` says how far the student is; a ``width`` of 0 leaves
    each paragraph on one line."""
    yield Line("head", f"{exercise.section} {exercise.id}: {exercise.title}".strip())
    worth = f"{points(exercise.points)} points, about {exercise.minutes} minutes; {label}"
    yield Line("message", worth)
    yield Line("quiet", workspace.shown(workspace.path(exercise)))
    if exercise.prerequisites:
        yield Line("quiet", "Do first: " + ", ".join(exercise.prerequisites))
    notebook = workspace.notebook(exercise)
    if notebook is not None:
        section = f", section {exercise.section}" if exercise.section else ""
        yield Line("quiet", f"Lesson: {workspace.shown(notebook)}{section}")
    yield Line("message", "")
    try:
        source = workspace.stub(exercise).decode("utf-8", "replace")
    except WorkspaceError as error:
        yield Line("bad", str(error), "missing")
        return
    yield from rows(source, width)
    yield Line("message", "")
    yield from steps(
        (f"kata lesson {exercise.id}", "read about it"),
        (f"kata open {exercise.id}", "edit it"),
        (f"kata watch {exercise.id}", "check whenever you save"),
    )


def rows(source: str, width: int = 0) -> list[Line]:
    """Signatures and docstrings of a stub's public names, one line for each row of the screen."""
    lines: list[Line] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef | _Function) and not node.name.startswith("_"):
            lines += _definition(node, source.splitlines(), 0, width)
            lines.append(Line("prose", ""))
    kept: list[Line] = []
    for line in lines:  # never two empty rows, nor one at an end
        if line.text or (kept and kept[-1].text):
            kept.append(line)
    return kept[:-1] if kept and not kept[-1].text else kept


def _definition(
    node: ast.ClassDef | _Function, source: list[str], lead: int, width: int
) -> Iterator[Line]:
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    last = max(first, node.body[0].lineno - 1)
    if node.body[0].lineno == node.lineno:  # all on one line
        last = node.lineno
    for row in source[first - 1 : last]:
        yield from code(row, width, 8)
    text = ast.get_docstring(node)
    if text:
        yield from prose(text, lead + 4, width)
        yield Line("prose", "")
    for inner in node.body if isinstance(node, ast.ClassDef) else []:
        if isinstance(inner, _Function | ast.ClassDef):
            public = not inner.name.startswith("_") or inner.name.startswith("__")
            if public:
                yield from _definition(inner, source, lead + 4, width)
        elif isinstance(inner, ast.AnnAssign | ast.Assign):
            for row in source[inner.lineno - 1 : inner.end_lineno]:
                yield from code(row, width)
    yield Line("prose", "")


def code(row: str, width: int, hang: int = 4) -> Iterator[Line]:
    """A row of code; what does not fit goes on further in, so that nobody takes it for another."""
    row = row.rstrip()
    if not width or len(row) <= width:
        yield Line("code", row)
        return
    lead = len(row) - len(row.lstrip())
    wrapped = textwrap.wrap(
        row.strip(),
        max(20, width),
        initial_indent=" " * lead,
        subsequent_indent=" " * (lead + hang),
        break_on_hyphens=False,
        replace_whitespace=False,
    )
    yield from (Line("code", part) for part in wrapped)


def prose(text: str, lead: int, width: int) -> Iterator[Line]:
    """A docstring, indented by ``lead``; marks for doctest are left out."""
    # :func:`name` and ``name`` are both code, in the backticks that a student knows.
    text = re.sub(r"[ \t]*# doctest:.*", "", text).replace("``", "`")
    text = re.sub(r":[a-z]+:`", "`", text)
    for example, part, hang in _paragraphs(text.splitlines(), lead):
        if not part.strip():
            yield Line("prose", "")
        elif example:
            yield from code(" " * lead + part, width, 8)
        else:
            yield from _wrapped(" " * lead + part, lead + hang if hang else 0, width)


def _paragraphs(lines: Iterable[str], lead: int) -> Iterator[tuple[bool, str, int]]:
    """Whether it is code, the text in one line, and how far its further rows are indented."""
    part, hang, length = "", 0, 0
    example = section = False
    for line in lines:
        start = line.lstrip()
        indent = len(line) - len(start)
        example = bool(start) and (example or start.startswith(">>>"))
        item = _ITEM.match(start)
        entry = section and indent and _ENTRY.match(start) and not indent >= hang > 0
        full = lead + length + 1 + len(start.split(" ")[0]) > FULL
        deeper = bool(hang) and indent >= hang
        if part and start and not example and not item and not entry and (full or deeper):
            part += f" {start}"
        else:
            if part:
                yield False, part, hang
            part, hang = "", 0
            if example or not start:
                yield example, line, 0
                length = 0
                continue
            section = bool(_SECTION.match(start)) or (section and indent > 0)
            part = line
            hang = indent + len(item[0]) if item else indent + 4 if entry else 0
        length = len(line)
    if part:
        yield False, part, hang


def _wrapped(text: str, hang: int, width: int) -> Iterator[Line]:
    lead = len(text) - len(text.lstrip())
    if not width or len(text) <= width:
        yield Line("prose", text)
        return
    solid = TOGETHER.sub(SOLID, unbroken(text.strip()))
    wrapped = textwrap.wrap(
        solid,
        max(20, width),
        initial_indent=" " * lead,
        subsequent_indent=" " * max(lead, hang),
        break_on_hyphens=False,
        break_long_words=False,
    )
    yield from (Line("prose", row.replace(SOLID, " ")) for row in wrapped)
