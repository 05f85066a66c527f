"""What the course handed out: a cell that is still as it was handed out is nobody's answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograder.ingest.notebooks.modules import parse
from autograder.stubs import code_lines

_CODE_CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_OPTIONS = re.compile(r"\A(?:---\n.*?^---[ \t]*\n|(?::[\w-]+:[^\n]*\n)+)", re.MULTILINE | re.DOTALL)

Lines = tuple[str, ...]


def lines(text: str) -> Lines:
    """What a text says: no comments, no blank lines, no indentation."""
    return tuple(code_lines(text))


@dataclass(frozen=True, slots=True, eq=False)
class Released:
    """The code of all lessons and stubs. ``names`` are what each exercise's stub defines."""

    cells: frozenset[Lines] = frozenset()
    definitions: Mapping[str, frozenset[Lines]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def holds(self, text: str) -> bool:
        """Whether a cell with this text was handed out, or says the same as one that was."""
        return bool(self.cells) and lines(text) in self.cells

    def defines(self, text: str, names: Iterable[str]) -> bool:
        """Whether a cell defines one of the names exactly as a cell that was handed out."""
        known = [name for name in names if name in self.definitions]
        if not any(name in text for name in known):
            return False
        return any(
            lines(segment) in self.definitions[name]
            for name, segment in _defined(text)
            if name in known
        )


def released(lessons: Iterable[str], stubs: Iterable[str], names: Iterable[str]) -> Released:
    """What ``lessons`` (MyST Markdown) and ``stubs`` hold; ``names`` are the exercises'."""
    names = frozenset(names)
    texts = [
        _OPTIONS.sub("", match[1]) for lesson in lessons for match in _CODE_CELL.finditer(lesson)
    ]
    definitions: dict[str, set[Lines]] = {}
    for text in texts:
        for name, segment in _defined(text):
            if name in names:
                definitions.setdefault(name, set()).add(lines(segment))
    return Released(
        frozenset(lines(text) for text in (*texts, *stubs)),
        {name: frozenset(found) for name, found in definitions.items()},
        names,
    )


def _defined(text: str) -> list[tuple[str, str]]:
    """The functions and classes of a text, with their own text."""
    tree = parse(text)
    rows = text.split("\n")
    return [
        (node.name, "\n".join(rows[node.lineno - 1 : node.end_lineno]))
        for node in (tree.body if tree is not None else [])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
