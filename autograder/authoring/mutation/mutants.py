"""Mutants of a reference solution: the same program with one small mistake in it.

The kinds of mistake are the usual ones of mutation testing (comparison, arithmetic and
logical operators, constants, removed statements, changed exceptions), and some that matter
for this course: a lock not taken, a clean-up left out, a decorator or a keyword forgotten.
Left alone are annotations, docstrings, imports and the wording of error messages, which no
check may judge.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
}
_EXCEPTIONS = {"ValueError": "TypeError", "TypeError": "ValueError"}
_FIXED_ORDER = {"isinstance", "issubclass", "getattr", "hasattr", "setattr", "min", "max"}
"""Calls whose arguments are not swapped: it fails on every input, or makes no difference."""
_OBVIOUS = {"property", "staticmethod", "classmethod", "contextmanager"}
"""Decorators that nobody forgets: without them nothing works."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One of them. ``name`` says where and what and stays the same when lines move."""

    name: str
    line: int
    source: bytes


@dataclass(frozen=True, slots=True)
class _Change:
    """Put ``new`` in place of ``old``, which is ``field`` (or its item ``index``) of ``parent``."""

    parent: ast.AST
    field: str
    index: int | None
    new: Any
    before: str
    after: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of ``source``, in its order; those that compile to the same code left out."""
    tree = ast.parse(source)
    plain = compile(ast.unparse(tree), "m", "exec")
    changed: list[Mutant] = []
    seen: dict[str, int] = {}
    for change, where, line in _changes(tree, "", 1):
        text = _applied(tree, change)
        try:
            code = compile(text, "m", "exec")
        except (SyntaxError, ValueError):
            continue
        if code == plain:
            continue
        name = f"{where or 'module'}: `{_short(change.before)}` -> `{_short(change.after)}`"
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            name += f" #{seen[name]}"
        changed.append(Mutant(name, line, text.encode()))
    return changed


def _applied(tree: ast.Module, change: _Change) -> str:
    if change.index is None:
        old = getattr(change.parent, change.field)
        setattr(change.parent, change.field, change.new)
        text = ast.unparse(ast.fix_missing_locations(tree))
        setattr(change.parent, change.field, old)
    else:
        items = getattr(change.parent, change.field)
        old = items[change.index]
        items[change.index : change.index + 1] = [] if change.new is None else [change.new]
        text = ast.unparse(ast.fix_missing_locations(tree))
        if change.new is None:
            items.insert(change.index, old)
        else:
            items[change.index] = old
    return text


def _short(text: str, limit: int = 70) -> str:
    text = " ".join(text.split()).replace("`", "'")
    return text if len(text) <= limit else text[: limit - 2] + " …"


# -- where -----------------------------------------------------------------------------------


def _changes(node: ast.AST, where: str, line: int) -> Iterator[tuple[_Change, str, int]]:
    """All changes below ``node``, each with the qualified name and the line it lies in."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}" if where else node.name
    line = getattr(node, "lineno", line)
    for change in _of_node(node):
        yield change, where, line
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_comment", "type_params"):
            continue
        children = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if not isinstance(child, ast.AST) or _left_alone(node, child):
                continue
            at = index if isinstance(value, list) else None
            here = getattr(child, "lineno", line)
            for new, before, after in _of_child(node, child):
                yield _Change(node, field, at, new, before, after), where, here
            yield from _changes(child, where, line)


def _left_alone(parent: ast.AST, child: ast.AST) -> bool:
    """Docstrings, imports, messages, and code that runs only in a terminal."""
    if isinstance(child, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True
    if isinstance(child, ast.If) and isinstance(parent, ast.Module):
        return "__name__" in ast.unparse(child.test) or "TYPE_CHECKING" in ast.unparse(child.test)
    if isinstance(child, ast.Assign) and isinstance(parent, ast.Module):
        made_of = ast.unparse(child.value)
        typing_only = made_of.startswith(("TypeVar(", "ParamSpec("))
        return typing_only or ast.unparse(child.targets[0]).startswith("__")
    return isinstance(parent, ast.Raise)


# -- what ------------------------------------------------------------------------------------


def _of_child(parent: ast.AST, node: ast.AST) -> Iterator[tuple[Any, str, str]]:
    """Replacements of a whole node: (new node, text before, text after)."""
    text = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
    for new in _replacements(node):
        yield new, text, "(nothing)" if isinstance(new, ast.Pass) else ast.unparse(new)
    if isinstance(parent, ast.If | ast.While | ast.IfExp) and parent.test is node:  # noqa: SIM102
        if not isinstance(node, ast.Compare | ast.UnaryOp | ast.Constant):
            new = ast.UnaryOp(ast.Not(), copy.deepcopy(node))
            yield new, text, ast.unparse(new)


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield ast.BoolOp(other, node.values)
            for i in range(len(node.values)):
                rest = node.values[:i] + node.values[i + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.BinOp() if type(node.op) in _ARITHMETIC:
            yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
        case ast.UnaryOp() if isinstance(node.op, ast.Not | ast.USub):
            yield node.operand
        case ast.Constant():
            yield from _constants(node.value)
        case ast.Call():
            yield from _calls(node)
        case ast.stmt():
            yield from _statements(node)
        case ast.Yield() if node.value is not None:
            yield ast.Yield(ast.Constant(None))


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for i, op in enumerate(node.ops):
        for other in _COMPARISONS[type(op)]:
            yield ast.Compare(
                node.left, [*node.ops[:i], other(), *node.ops[i + 1 :]], node.comparators
            )


def _constants(value: Any) -> Iterator[ast.AST]:
    match value:
        case bool():
            yield ast.Constant(not value)
        case int():
            yield ast.Constant(value + 1)
        case float():
            yield ast.Constant(value * 2 if value else 1.0)
        case str():
            yield ast.Constant("XX")
        case bytes():
            yield ast.Constant(b"XX")


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = ast.unparse(node.func)
    if len(node.args) == 2 and name not in _FIXED_ORDER:
        yield ast.Call(node.func, node.args[::-1], node.keywords)
    for i in range(len(node.keywords)):
        yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Expr() | ast.Delete() | ast.AugAssign():
            yield ast.Pass()
            if isinstance(node, ast.AugAssign) and type(node.op) in _ARITHMETIC:
                yield ast.AugAssign(node.target, _ARITHMETIC[type(node.op)](), node.value)
        case ast.Assign() if not any(isinstance(t, ast.Name | ast.Tuple) for t in node.targets):
            yield ast.Pass()
        case ast.Return() if node.value is not None and ast.unparse(node.value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Raise():
            yield ast.Pass()
            if isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name):
                name = _EXCEPTIONS.get(node.exc.func.id, "RuntimeError")
                yield ast.Raise(
                    ast.Call(ast.Name(name), node.exc.args, node.exc.keywords), node.cause
                )
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Pass()


def _of_node(node: ast.AST) -> Iterator[_Change]:
    """Changes of a node's parts: decorators, handlers, clean-ups, locks."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for i, decorator in enumerate(node.decorator_list):
            name = ast.unparse(decorator)
            if name.split("(")[0].split(".")[-1] not in _OBVIOUS:
                yield _Change(node, "decorator_list", i, None, f"@{name}", "(nothing)")
    if isinstance(node, ast.Try):
        for i, handler in enumerate(node.handlers):
            if not isinstance(handler.body[0], ast.Raise):
                kind = ast.unparse(handler.type) if handler.type else ""
                yield _Change(
                    node.handlers[i], "body", None, [ast.Raise()], f"except {kind}: …", "raise"
                )
        if node.finalbody:
            yield _Change(node, "finalbody", None, [ast.Pass()], "finally: …", "(nothing)")
    if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Tuple):
        for i, element in enumerate(node.type.elts):
            rest = node.type.elts[:i] + node.type.elts[i + 1 :]
            new = ast.Tuple(rest, ast.Load())
            yield _Change(
                node,
                "type",
                None,
                new,
                f"except {ast.unparse(node.type)}",
                f"except without {ast.unparse(element)}",
            )
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        for i, statement in enumerate(block if isinstance(block, list) else []):
            if isinstance(statement, ast.With | ast.AsyncWith) and not any(
                item.optional_vars for item in statement.items
            ):
                items = ", ".join(ast.unparse(item) for item in statement.items)
                bare = ast.If(ast.Constant(True), statement.body, [])
                yield _Change(node, field, i, bare, f"with {items}: …", "its body alone")
