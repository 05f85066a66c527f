"""What a text of Python names of the files around it: modules it imports, names of files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from autograder.ingest.notebooks.modules import parse

_LONGEST = 200  # characters of a text that may be the name of a file
_MOST = 1_000  # names that are looked for
_MOST_ENDINGS = 40
_ENDING = re.compile(r"\.\w{1,10}")
_OPEN = re.compile(r"[*?\]}]|%[\d.]*[a-z]")
_WRITTEN = re.compile(r"%%(?:writefile|file)[ \t]+(-a[ \t]+|--append[ \t]+)?(\S[^\n]*)")


@dataclass(slots=True)
class Mentions:
    """``modules`` are dotted names that are imported, those that the text cannot do without True.

    ``names`` are texts that may be a path, ``endings`` what the name of a file may end with where
    the text puts that together (``"*.csv"``, ``f"part{n}.csv"``).
    """

    modules: dict[str, bool] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    endings: dict[str, None] = field(default_factory=dict)


def mentions(text: str) -> Mentions:
    """What ``text`` names; nothing where it is no Python. Linear in the text."""
    found = Mentions()
    tree = parse(text)
    for node, needed in _walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import):
            for alias in node.names:
                _note(found, alias.name, needed)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            _note(found, node.module, needed)
        elif isinstance(node, ast.Call) and _imports(node.func) and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                _note(found, name.value, False)
        elif isinstance(node, ast.Constant):
            _name(found, node.value)
    return found


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, bool]]:
    """Every node, and whether it runs whatever happens: not tried, and under no condition."""
    pending: list[tuple[ast.AST, bool]] = [(tree, True)]
    while pending:
        node, needed = pending.pop()
        yield node, needed
        needed = needed and not isinstance(node, ast.Try | ast.If)
        pending.extend((child, needed) for child in ast.iter_child_nodes(node))


def _note(found: Mentions, module: str, needed: bool) -> None:
    if len(found.modules) < _MOST and len(module) <= _LONGEST:
        found.modules[module] = found.modules.get(module, False) or needed


def _imports(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("import_module", "__import__")


def _name(found: Mentions, value: object) -> None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or len(found.names) >= _MOST:
        return
    if "\n" in value or "\0" in value:
        return
    path = value.replace("\\", "/")
    found.names[path] = None
    ending = _OPEN.split(path.rpartition("/")[2])[-1]
    if _ENDING.fullmatch(ending) and len(found.endings) < _MOST_ENDINGS:
        found.endings[ending] = None


def written(cells: list[str]) -> dict[str, bytes]:
    """Files that the cells of a notebook write with ``%%writefile``, as they are at its end."""
    files: dict[str, bytes] = {}
    for cell in cells:
        first, _, body = cell.lstrip().partition("\n")
        asked = _WRITTEN.fullmatch(first.rstrip())
        if asked is not None:
            name = asked[2].strip().strip("'\"").replace("\\", "/").removeprefix("./")
            before = files.get(name, b"") if asked[1] else b""
            files[name] = before + (body if body.endswith("\n") else f"{body}\n").encode()
    return files
