"""The files of a grader, read and not run: what each defines, and what a check needs of them."""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import TypeAlias

from autograder.errors import KataError

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_GLOBAL = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS", "STORE_GLOBAL", "DELETE_GLOBAL"}
"""Operations that look a name up in the module, or put one there."""


class GraderSyntaxError(KataError):
    """A grader that cannot be taken apart; the message names file, line and fix."""


@dataclass(frozen=True, slots=True)
class Module:
    """A file of a grader: its statements, and which of them define a name.

    Checks are in ``checks`` alone; a name may have several definers.
    """

    path: Path
    lines: list[str]
    body: list[ast.stmt]
    definers: dict[str, list[ast.stmt]] = field(default_factory=dict)
    checks: dict[str, Function] = field(default_factory=dict)


def read(path: Path, source: str) -> Module:
    """A file's text as a :class:`Module`; :class:`GraderSyntaxError` where it cannot be split."""
    try:
        tree = ast.parse(source, str(path))
    except SyntaxError as error:
        raise GraderSyntaxError(f"{path}:{error.lineno}: {error.msg}") from error
    module = Module(path, source.splitlines(), tree.body)
    for node in tree.body:
        if isinstance(node, Function) and decorator(node, "check") is not None:
            module.checks[node.name] = node
            continue
        for name in _bound(node):
            module.definers.setdefault(name, []).append(node)
    return module


def decorator(node: Function, name: str) -> ast.expr | None:
    """The decorator of that name, called (``@check(…)``) or, for others, bare."""
    for expression in node.decorator_list:
        called = expression.func if isinstance(expression, ast.Call) else expression
        own = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if own == name and (name != "check" or isinstance(expression, ast.Call)):
            return expression
    return None


def arguments(node: Function) -> list[str]:
    """Names of a function's parameters: of a check or a fixture, the fixtures that it asks for."""
    return [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]


def first_line(node: ast.stmt) -> int:
    """The line on which a statement begins, decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)])


def is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def bound_name(alias: ast.alias) -> str:
    """The name that an import gives to what it imports."""
    return alias.asname or alias.name.partition(".")[0]


def _bound(node: ast.AST) -> Iterable[str]:
    """Names that a statement gives a value in its module."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [bound_name(alias) for alias in node.names]
    if isinstance(node, Function | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Name):
        return [node.id] if isinstance(node.ctx, ast.Store) else []
    return [name for child in ast.iter_child_nodes(node) for name in _bound(child)]


def names(node: ast.stmt) -> set[str]:
    """Names of its module that a statement uses, in whatever function of its own."""
    code = compile(ast.Module([node], []), "grader", "exec", dont_inherit=True)
    used = {
        name
        for inner in _codes(code)
        for instruction in dis.get_instructions(inner)
        if instruction.opname in _GLOBAL and not (name := str(instruction.argval)).startswith("__")
    }
    if isinstance(node, Function) and (decorator(node, "check") or decorator(node, "fixture")):
        used.update(arguments(node))  # pytest looks for fixtures by these names
    return used


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


class Needs:
    """What checks need of a grader's files: statements, and the names that each file uses.

    ``modules`` are all files of the grader. Raises :class:`GraderSyntaxError` for what would leave
    open which parts of a file are needed.
    """

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = {module.path: module for module in modules}
        self.statements: set[tuple[Path, ast.stmt]] = set()
        self.names: set[tuple[Path, str]] = set()

    def add(self, path: Path, node: ast.stmt) -> None:
        """Add a statement of a file, and all that it needs."""
        if (path, node) in self.statements:
            return
        self.statements.add((path, node))
        if is_import(node):
            return
        for everything in self._modules[path].definers.get("*", ()):
            words = "`import *` does not say what a check uses; write the names"
            raise GraderSyntaxError(f"{path}:{everything.lineno}: {words}")
        for name in sorted(names(node)):
            self._add_name(path, name, node)
        for inner in ast.walk(node):
            if isinstance(inner, ast.ImportFrom) and inner.level:
                for alias in inner.names:
                    self._add_imported(path, inner, alias)

    def _add_name(self, path: Path, name: str, user: ast.stmt) -> None:
        if (path, name) in self.names:
            return
        self.names.add((path, name))
        module = self._modules[path]
        if module.checks.get(name, user) is not user:
            words = f"{name} is a check; move what it shares with this one into a helper"
            raise GraderSyntaxError(f"{path}:{user.lineno}: {words}")
        for definer in module.definers.get(name, ()):
            self.add(path, definer)
            if isinstance(definer, ast.ImportFrom) and definer.level:
                for alias in (a for a in definer.names if bound_name(a) == name):
                    self._add_imported(path, definer, alias)

    def _add_imported(self, path: Path, node: ast.ImportFrom, alias: ast.alias) -> None:
        """Add what a relative import takes from another file of the grader."""
        shown = f"from {'.' * node.level}{node.module or ''} import {alias.name}"
        folder = path.parent
        for _ in range(node.level - 1):
            folder = folder.parent
        place = folder.joinpath(*(node.module or "").split("."))
        files = [place / "__init__.py", place.with_suffix(".py")]
        target = next((self._modules[file] for file in files if file in self._modules), None)
        if target is None:
            problem = "leads to no file of this grader"
        elif alias.name in (*target.definers, *target.checks):
            self._add_name(target.path, alias.name, node)
            return
        else:
            problem = "is not a name that can be looked up there; import the names that are used"
        raise GraderSyntaxError(f"{path}:{node.lineno}: `{shown}` {problem}")
