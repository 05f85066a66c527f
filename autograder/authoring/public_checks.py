"""A grader reduced to its public checks: what a class may see of it.

A whole grader goes in and a shorter one comes out, made of the same lines: the checks marked
``public=True``, and those module-level names that they use. Nothing else of the file is
carried over, comments between its parts included.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.outline import Course, Exercise


class PublicError(Exception):
    """A grader that cannot be reduced; the message names file and place."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """Public checks as the text of a grader, empty where there are none, and what is left out."""

    text: str
    public: tuple[str, ...]
    hidden: int


def reduced(course: Course, exercise: Exercise) -> Reduced:
    """The public part of an exercise's grader."""
    path = course.grader(exercise)
    if not path.is_file():
        raise PublicError(f"{path}: exercise {exercise.id!r} has no grader")
    return reduce(path.read_text(encoding="utf-8"), exercise.id, path)


def reduce(source: str, id: str, path: Path) -> Reduced:
    """The public part of a grader's text.

    A public check that asks for the reference solution stays hidden, too: whoever gets the
    bundle has no reference. Raises :class:`PublicError` where ``public=`` is not a plain
    ``True`` or ``False``, since then nobody can tell without running the file.
    """
    try:
        tree = ast.parse(source, str(path))
    except SyntaxError as error:
        raise PublicError(f"{path}:{error.lineno}: {error.msg}") from error
    definers: dict[str, ast.stmt] = {}
    checks: dict[str, ast.stmt] = {}
    public: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _check(node) is not None:
            checks[node.name] = node
            if _is_public(node, path):
                public.append(node.name)
            continue
        for name in _bound(node):
            definers[name] = node
    wanted = [name for name in public if not _asks_reference(checks[name])]
    pending = [checks[name] for name in wanted]
    used: set[str] = set()
    kept: set[int] = {node.lineno for node in pending}
    while pending:
        for name in _names(pending.pop()):
            used.add(name)
            definer = definers.get(name)
            if definer is not None and definer.lineno not in kept:
                kept.add(definer.lineno)
                pending.append(definer)
    hidden = len(checks) - len(wanted)
    if not wanted:
        return Reduced("", (), hidden)
    lines = source.splitlines()
    head = f'"""Public checks of ``{id}``. {_more(hidden)}"""'
    parts = [head]
    for node in tree.body:
        if node.lineno not in kept:
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            parts.append(_import(node, used))
        else:
            parts.append("\n".join(lines[_first(node) - 1 : node.end_lineno]))
    text = parts[0] + "\n"
    before: ast.stmt | None = None
    for node, part in zip((n for n in tree.body if n.lineno in kept), parts[1:], strict=True):
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        together = is_import and isinstance(before, ast.Import | ast.ImportFrom)
        text += ("" if together else "\n" if is_import else "\n\n") + part + "\n"
        before = node
    ast.parse(text)
    return Reduced(text, tuple(wanted), hidden)


def _more(hidden: int) -> str:
    if not hidden:
        return "There are no others."
    return f"{hidden} more {'runs' if hidden == 1 else 'run'} when your work is graded."


def _check(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.Call | None:
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            called = decorator.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name == "check":
                return decorator
    return None


def _is_public(node: ast.FunctionDef | ast.AsyncFunctionDef, path: Path) -> bool:
    call = _check(node)
    assert call is not None
    for keyword in call.keywords:
        if keyword.arg == "public":
            if isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, bool):
                return keyword.value.value
            raise PublicError(f"{path}:{node.lineno}: {node.name}: write public=True or False")
        if keyword.arg is None:
            raise PublicError(f"{path}:{node.lineno}: {node.name}: @check(**…) cannot be read")
    return False


def _asks_reference(node: ast.stmt) -> bool:
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    asked = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return "reference" in asked or "reference" in _names(node)


def _names(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _bound(node: ast.stmt) -> Iterable[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(a.asname or a.name.partition(".")[0]) for a in node.names]
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    return [
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    ]


def _import(node: ast.Import | ast.ImportFrom, used: set[str]) -> str:
    """An import of the names that are used, and no other."""
    names = [a for a in node.names if (a.asname or a.name.partition(".")[0]) in used]
    kept = (
        ast.Import(names)
        if isinstance(node, ast.Import)
        else ast.ImportFrom(node.module, names, node.level)
    )
    return ast.unparse(kept)


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])
