"""Imports point one way: from a room to rooms below it, and never in a circle."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent

LAYERS = (
    ("sandbox.inside",),
    ("errors", "model"),
    ("text",),
    ("machine", "environment", "extras", "packages", "entries", "outline", "stubs", "clauses"),
    ("sandbox",),
    ("judging",),
    ("ingest",),
    ("grading",),
    ("cluster",),
    ("report",),
    ("authoring",),
    ("gradebook",),
    ("command_line",),
    ("commands", "kata"),
    ("cli", "pytest_plugin"),
    ("checks", "plain", "store", "notebooks"),
)
"""Rooms from the lowest to the highest. A module imports rooms below its own, and modules of its
own room; rooms of one layer do not know each other, except for the modules of the course layer."""

PEERS = {"machine", "environment", "extras", "packages", "entries", "outline", "stubs", "clauses"}
"""Single modules that may import each other, as long as there is no circle."""


def _modules() -> dict[str, Path]:
    """Every module of the package by its name without ``autograder.``; graders are data."""
    modules = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] not in ("graders", "_course"):
            modules[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return modules


MODULES = _modules()


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of each of our own modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert not node.level, f"{path}:{node.lineno}: imports are absolute"
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [n if n.removeprefix("autograder.") in MODULES else node.module for n in full]
        else:
            continue
        for name in names:
            if name.startswith("autograder."):
                yield node.lineno, name.removeprefix("autograder.")


def _room(module: str) -> str:
    inside = module == "sandbox.inside" or module.startswith("sandbox.inside.")
    return "sandbox.inside" if inside else module.partition(".")[0]


HEIGHT = {room: height for height, rooms in enumerate(LAYERS) for room in rooms}
ARROWS = [
    (module, line, target)
    for module, path in sorted(MODULES.items())
    for line, target in _imports(path)
    if target != module
]


def test_every_module_has_a_room() -> None:
    assert {_room(module) for module in MODULES if module} == set(HEIGHT)


def test_no_import_points_upward() -> None:
    wrong = []
    for module, line, target in ARROWS:
        here, there = _room(module), _room(target)
        peers = {here, there} <= PEERS
        if module and here != there and not peers and HEIGHT[there] >= HEIGHT[here]:
            wrong.append(f"{module}:{line} imports {target}: {there} is not below {here}")
    assert not wrong, "\n".join(wrong)


def test_nothing_behind_the_wall_comes_from_outside() -> None:
    for module, line, target in ARROWS:
        if _room(module) == "sandbox.inside":
            assert _room(target) == "sandbox.inside", f"{module}:{line} imports {target}"


def test_no_circle() -> None:
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for module, _, target in ARROWS:
        graph[module].add(target)
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            pytest.fail("a circle of imports: " + " -> ".join((*path, module)))
        if module not in done:
            for target in sorted(graph[module]):
                visit(target, (*path, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


@pytest.mark.parametrize("module", ["autograder.cli", "autograder.kata.cli"])
def test_a_command_starts_without_what_it_does_not_need(module: str) -> None:
    """``--help`` of every command is made from the same imports."""
    dear = ["torch", "numpy", "pytest", "sqlalchemy", "nbgrader", "nbformat", "matplotlib"]
    dear.append("distributed")
    apps = {
        "autograder.cli": "autograder.commands.app",
        "autograder.kata.cli": "autograder.kata.app",
    }
    code = f"import sys, {module}, {apps[module]}; print(*({{*sys.modules}} & {set(dear)!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
