"""Walking syntax trees without recursion, and faster than :mod:`ast` does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, TypeVar

_LEAVES = frozenset({ast.Constant, ast.Pass, ast.Break, ast.Continue})
_EMPTY: frozenset[Any] = frozenset()
_Record = TypeVar("_Record")
_fields: dict[type, tuple[str, ...]] = {}


def children(node: ast.AST) -> list[ast.AST]:
    """A node's children in the order of their fields; those that hold nothing are left out."""
    kind = node.__class__
    fields = _fields.get(kind)
    if fields is None:
        fields = _fields[kind] = tuple(f for f in node._fields if f not in ("ctx", "op", "ops"))
    nodes: list[ast.AST] = []
    for field in fields:
        value = getattr(node, field, None)
        if value.__class__ is list:
            nodes += [x for x in value if isinstance(x, ast.AST) and x.__class__ not in _LEAVES]
        elif isinstance(value, ast.AST) and value.__class__ not in _LEAVES:
            nodes.append(value)
    return nodes


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, in no order."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += children(node)


def shrink(record: _Record) -> _Record:
    """A record of sets and lists, with one object for all that are empty."""
    for slot in record.__slots__:  # type: ignore[attr-defined]
        if not getattr(record, slot):
            setattr(record, slot, _EMPTY)
    return record
