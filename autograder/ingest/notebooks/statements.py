"""The statements of a cell: what each of them binds, reads and may change."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from autograder.ingest.notebooks.effects import Effects, effects_of, roots_of
from autograder.ingest.notebooks.modules import parse
from autograder.ingest.notebooks.scopes import (
    DEFINITIONS,
    FUNCTIONS,
    KNOWN,
    Function,
    Names,
    names_of,
)
from autograder.ingest.notebooks.trees import children, walk

REMEMBERED = 6_000
"""Texts whose statements are kept: a notebook has 5 000 cells, asked for every exercise."""

STATEMENTS_CAP = 10_000
"""Most statements of a notebook that are looked at; one has some hundreds."""

_PLACEHOLDER = re.compile(r"raise NotImplementedError\(\"[\w-]+: write your solution here\"\)")


class Import(NamedTuple):
    """A name that is imported, from which package, and how."""

    name: str
    package: str
    module: bool
    """Whether it is a module for sure: not of ``from a import b``."""

    part: bool
    """Whether a module within the package is loaded by it: ``import a.b``."""


@dataclass(frozen=True, slots=True)
class Callable:
    """A function, a class, a method (``.name``) or what may be one: what its body does."""

    name: str
    names: Names
    effects: Effects
    own: str
    """The first parameter of a method."""

    parameters: frozenset[str]
    kind: str
    """``class``, ``function``, or ``value`` where it may be anything."""

    remembers: bool
    """Whether functions in it rebind its variables: what it returns has a state."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement at the top level of a cell."""

    text: str
    names: Names
    effects: Effects
    callables: tuple[Callable, ...]
    imports: tuple[Import, ...]

    star: bool
    defines: bool
    """Whether it is a definition or an import, and so no plain value."""

    deletes: frozenset[str]
    placeholder: bool
    """Whether it is a stub that the course handed out."""


@lru_cache(maxsize=REMEMBERED)
def statements(text: str) -> tuple[Statement, ...]:
    """The statements of a text; none where it is no Python, or too much of it."""
    tree = parse(text)
    if tree is None or len(tree.body) > STATEMENTS_CAP:
        return ()
    nodes = [
        node
        for node in tree.body
        if not (isinstance(node, ast.ImportFrom) and node.module == "__future__")
    ]
    return tuple(_statement(node, segment) for node, segment in _segments(text, nodes))


@lru_cache(maxsize=64)
def whole(text: str) -> Statement:
    """A whole text as one statement, which an answer's own cell is."""
    tree = parse(text)
    return _of(tree.body if tree is not None else [], text)


def annotates_ahead(text: str) -> bool:
    """Whether an annotation names what is not there yet, as it may be in IPython: a
    ``__future__`` import of one cell counts for all that are run after it."""
    tree = None if "__future__" in text else parse(text)
    if tree is None:
        return False
    kinds = ("annotation", "returns")
    notes = [note for node in walk(tree) for kind in kinds if (note := getattr(node, kind, None))]
    named = {n.id for note in notes for n in walk(note) if isinstance(n, ast.Name)}
    return bool(named & names_of(tree.body).eager - KNOWN)


def _segments(text: str, nodes: list[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement's text; several may share a line, whose bytes their columns count."""
    lines = text.split("\n")
    encoded: dict[int, bytes] = {}

    def piece(number: int, start: int, end: int | None) -> str:
        if number not in encoded:
            encoded[number] = lines[number - 1].encode()
        return encoded[number][start:end].decode()

    for node in nodes:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        last = node.end_lineno or first
        start = node.col_offset if first == node.lineno else 0
        if first == last:
            yield node, piece(first, start, node.end_col_offset)
        else:
            head = piece(first, start, None)
            tail = piece(last, 0, node.end_col_offset)
            yield node, "\n".join([head, *lines[first : last - 1], tail])


def _statement(node: ast.stmt, text: str) -> Statement:
    if _only_as_main(node):
        # In a notebook it is true; the module that is graded has another name.
        text = "if True:" + text[text.index("\n") :] if text.startswith("if __name__") else text
    return _of([node], text)


def _only_as_main(node: ast.stmt) -> bool:
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    left = node.test.left
    named = isinstance(left, ast.Name) and left.id == "__name__"
    return named and node.body[0].lineno > node.lineno


def _of(nodes: list[ast.stmt], text: str) -> Statement:
    names = names_of(nodes).small()
    effects = effects_of(nodes, inside=False).small()
    return Statement(
        text,
        names,
        effects,
        tuple(function for node in nodes for function in _callables(node)),
        tuple(_imports(nodes)) if "import" in text else (),
        any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in nodes),
        all(isinstance(n, (*DEFINITIONS, ast.Import, ast.ImportFrom)) for n in nodes),
        frozenset(
            t.id
            for n in nodes
            if isinstance(n, ast.Delete)
            for t in n.targets
            if isinstance(t, ast.Name)
        ),
        len(nodes) == 1
        and isinstance(nodes[0], DEFINITIONS)
        and _PLACEHOLDER.search(text) is not None,
    )


def _imports(nodes: list[ast.stmt]) -> Iterator[Import]:
    for top in nodes:
        if isinstance(top, DEFINITIONS):
            continue
        for node in walk(top):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    package, _, part = alias.name.partition(".")
                    yield Import(alias.asname or package, package, True, bool(part))
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                package, _, part = node.module.partition(".")
                for alias in node.names:
                    yield Import(alias.asname or alias.name, package, False, bool(part))


def _callables(node: ast.stmt) -> Iterator[Callable]:
    """What a top-level statement defines that can be called later."""
    if isinstance(node, FUNCTIONS):
        yield _callable(node.name, node)
    elif isinstance(node, ast.ClassDef):
        yield _callable(node.name, node)
        for inner in node.body:
            if isinstance(inner, FUNCTIONS):
                yield _callable(f".{inner.name}", inner)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Name):
            yield _assigned(target.id, node.value)
    elif isinstance(node, (ast.If, ast.Try, ast.With)):
        for child in children(node):
            if isinstance(child, DEFINITIONS):
                yield from _callables(child)


def _callable(name: str, node: Function | ast.ClassDef) -> Callable:
    parameters = {inner.arg for inner in walk(node) if inner.__class__ is ast.arg}
    own = _first(node) if name.startswith(".") else ""
    parameters.discard(own)
    if isinstance(node, ast.ClassDef):
        parameters -= {_first(inner) for inner in node.body}
    kind = "class" if isinstance(node, ast.ClassDef) else "function"
    return Callable(
        name,
        names_of([node]).small(),
        effects_of(node.body, inside=True).small(),
        own,
        frozenset(parameters),
        kind,
        _remembers(node),
    )


def _remembers(node: ast.AST) -> bool:
    return any(inner.__class__ is ast.Nonlocal for inner in walk(node))


def _first(node: ast.stmt) -> str:
    """The name of a function's first parameter."""
    first = [*node.args.posonlyargs, *node.args.args][:1] if isinstance(node, FUNCTIONS) else []
    return first[0].arg if first else ""


def _assigned(name: str, value: ast.expr) -> Callable:
    """``f = g``, ``f = partial(g, 1)`` and ``f = lambda: …`` may be called as well."""
    effects = effects_of([value], inside=True)
    effects.calls |= roots_of(value)
    parameters = frozenset(x.arg for x in walk(value) if isinstance(x, ast.arg))
    names = names_of([value]).small()
    return Callable(name, names, effects.small(), "", parameters, "value", False)
