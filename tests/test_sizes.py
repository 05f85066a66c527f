"""No module and no function is longer than one can take in; the exceptions are listed here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FUNCTION = 50
"""Most lines of a function, its docstring included; graders are exempt. Of a command the options
do not count: typer reads them from the signature, where they are a list."""

MODULE = {
    "autograder": 300,
    "bench": 300,
    "scripts": 300,
    "tests": 450,
    "autograder/graders": 700,
    "autograder/judging/vocabulary": 300,
}
"""Most lines of a module, by folder; the longest name that fits counts."""

CLOSED = ("autograder/graders", "autograder/judging/vocabulary")
"""Where functions travel to the sandbox, and must have in them all that they need."""

DATA = ("tests/specimens/", "tests/attacks/answers/", "tests/toy_course/", "autograder/_course/")
"""Answers, and courses: not the project's own code."""

LONG_FUNCTIONS: dict[str, int] = {}
"""Functions that are longer, ``file:name``. This list may only shrink."""

LONG_MODULES: dict[str, int] = {}
"""Modules that are longer. This list may only shrink."""


def _files(folder: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        nested = folder == "autograder" and name.startswith(CLOSED)
        if not nested and not name.startswith(DATA):
            yield name, path


def _functions(name: str, path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            command = any("Annotated" in ast.dump(a) for a in node.args.args if a.annotation)
            first = node.body[0].lineno if command else node.lineno
            yield f"{name}:{node.name}", (node.end_lineno or first) - first + 1


@pytest.mark.parametrize("folder", MODULE)
def test_modules(folder: str) -> None:
    sizes = {name: len(path.read_bytes().splitlines()) for name, path in _files(folder)}
    assert sizes
    long = {name: size for name, size in sizes.items() if size > MODULE[folder]}
    allowed = {name: size for name, size in LONG_MODULES.items() if name in sizes}
    assert {n: s for n, s in long.items() if s > allowed.get(n, 0)} == {}
    assert [name for name in allowed if name not in long] == [], "no exception any more"


def test_functions() -> None:
    sizes: dict[str, int] = {}
    for folder in MODULE:
        if folder not in CLOSED:
            for name, path in _files(folder):
                for function, size in _functions(name, path):
                    sizes[function] = max(size, sizes.get(function, 0))
    long = {name: size for name, size in sizes.items() if size > FUNCTION}
    assert {n: s for n, s in long.items() if s > LONG_FUNCTIONS.get(n, 0)} == {}
    assert [name for name in LONG_FUNCTIONS if name not in long] == [], "no exception any more"


def test_every_exception_is_of_a_file_that_is_there() -> None:
    for name in [*LONG_MODULES, *LONG_FUNCTIONS]:
        assert (ROOT / name.partition(":")[0]).is_file(), name
