"""What a piece of Python may change, as far as its text tells.

Everything is known by simple names: ``TABLE[0].x = 1`` and ``TABLE.append(1)`` change
``TABLE``, and so does ``row.clear()`` in a loop over it. Whether a call changes anything is left
open here; that depends on all functions of the notebook.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from autograder.ingest.notebooks.scopes import DEFINITIONS, FUNCTIONS, Function
from autograder.ingest.notebooks.trees import children, shrink, walk

_LENDING = {"get", "setdefault", "values", "items", "keys", "pop", "__getitem__", "elements"}
_SAME = {"enumerate", "zip", "reversed", "sorted", "list", "tuple", "iter", "vars", "getattr",
         "cast", "filter", "type"}  # fmt: skip
_STORING = frozenset({ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr, ast.For,
                      ast.AsyncFor, ast.comprehension, ast.withitem, ast.Match})  # fmt: skip
_SEVERAL = (ast.Tuple, ast.List)
_WITHIN = (ast.Attribute, ast.Subscript, ast.Starred, ast.Await)
_LOOPS = frozenset({ast.For, ast.AsyncFor, ast.While})
_NAMESPACES = ("globals()", "locals()", "vars()")
_CONTAINERS = frozenset({"add", "append", "clear", "discard", "extend", "insert", "pop", "remove",
                         "setdefault", "sort", "update"})  # fmt: skip
_ROOTS_CAP = 16  # names that one name may stand for
_STEPS_CAP = 200  # parts of an expression that are looked at for its roots


class Method(NamedTuple):
    """A call of a method: on what, its name, and whether its result is dropped."""

    root: str
    name: str
    bare: bool
    once: bool
    """Whether it is in no loop."""


class Decorator(NamedTuple):
    """A decorator of a function or class, as far as it has a name."""

    root: str
    attribute: str
    noted: tuple[str, ...]
    """Names in its arguments, and in the annotations of what it decorates."""


class Pass(NamedTuple):
    """What is handed to a function; that of a method is spelled ``.name``."""

    function: str
    argument: str


@dataclass(slots=True)
class Effects:
    """What may be changed. A root ``f()`` stands for what a function returns."""

    changes: set[str] = field(default_factory=set)
    methods: set[Method] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    passes: set[Pass] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    decorators: set[Decorator] = field(default_factory=set)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    holds: list[tuple[str, str]] = field(default_factory=list)
    """Names, and others whose objects are somewhere in theirs: a change of those shows there."""

    bases: set[str] = field(default_factory=set)

    def small(self) -> Effects:
        """The same, with one empty set for all that are empty: there are many of these."""
        return shrink(self)

    def alias(self, target: ast.AST | None, value: ast.AST) -> None:
        """Note that names in ``target`` may now be what is in ``value``."""
        several = isinstance(target, _SEVERAL) and isinstance(value, _SEVERAL)
        if several and len(target.elts) == len(value.elts):  # type: ignore[attr-defined,union-attr]
            for one, other in zip(target.elts, value.elts, strict=True):  # type: ignore[attr-defined,union-attr]
                self.alias(one, other)
            return
        roots = roots_of(value)
        if not roots or target is None:
            return
        names = [n.id for n in walk(target)
                 if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]  # fmt: skip
        self.aliases += [(name, root) for name in names[:_ROOTS_CAP] for root in sorted(roots)]

    def hold(self, holder: str, *values: ast.AST) -> None:
        """Note that what ``holder`` stands for may now hold what is in ``values``."""
        roots = {root for value in values for root in (roots_of(value) or given_to(value))}
        self.holds += [(holder, root) for root in sorted(roots) if holder and root != holder]


def effects_of(nodes: Iterable[ast.AST], *, inside: bool) -> Effects:
    """The effects of running ``nodes``; ``inside``: also of the functions that they define."""
    effects = Effects()
    pending: list[tuple[ast.AST, bool]] = [(node, False) for node in reversed(list(nodes))]
    while pending:
        node, loop = pending.pop()
        kind = node.__class__
        if kind is ast.Name:
            continue
        below: list[ast.AST] | None = None
        if kind is ast.Call:
            _call(node, effects)  # type: ignore[arg-type]
        elif kind is ast.Attribute or kind is ast.Subscript:
            _changed_in_place(node, effects)  # type: ignore[arg-type]
        elif kind is ast.Expr:
            if (call := _called(node.value)) is not None:  # type: ignore[attr-defined]
                _bare(call, effects, once=not loop)
        elif isinstance(node, DEFINITIONS):
            _decorated(node, effects)
            if isinstance(node, ast.ClassDef):
                effects.bases |= {r for base in node.bases for r in roots_of(base)}
            elif not inside:
                below = [*node.decorator_list, *_defaults(node)]
        elif kind is ast.Lambda:
            below = None if inside else node.args.defaults  # type: ignore[attr-defined]
        elif kind in _STORING:
            _stored(node, effects)
        loop = loop or kind in _LOOPS
        pending += [(c, loop) for c in reversed(children(node) if below is None else below)]
    return effects


def _defaults(node: Function) -> list[ast.expr]:
    return [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]


def _called(node: ast.AST) -> ast.Call | None:
    while isinstance(node, ast.Await):
        node = node.value
    return node if isinstance(node, ast.Call) else None


def _bare(call: ast.Call, effects: Effects, *, once: bool) -> None:
    """A call whose result nobody looks at is made for what it does."""
    if isinstance(call.func, ast.Attribute):
        root = root_of(call.func.value)
        effects.methods.add(Method(root, call.func.attr, True, once))
        effects.hold(root, *call.args)
        if isinstance(call.func.value, ast.Attribute) and once and call.func.attr in _CONTAINERS:
            effects.changes.add(root)  # `sys.path.append(…)` changes what is in a package
    elif isinstance(call.func, ast.Name) and once:
        known = call.func.id != "exec" or all(isinstance(a, ast.Constant) for a in call.args)
        effects.bare.update({call.func.id} if known else ())


def _decorated(node: Function | ast.ClassDef, effects: Effects) -> None:
    """A decorator is called with what stands below it, and often remembers it."""
    notes = [a.annotation for a in node.args.args] if isinstance(node, FUNCTIONS) else []
    body: list[ast.stmt] = [node] if isinstance(node, FUNCTIONS) else node.body
    for part in body:
        if isinstance(part, FUNCTIONS):
            effects.hold(node.name, *_defaults(part))
        elif isinstance(part, ast.Assign):
            effects.hold(node.name, part.value)
    for decorator in node.decorator_list:
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        attribute = function.attr if isinstance(function, ast.Attribute) else ""
        root = root_of(function)
        effects.calls.add(f".{attribute}" if attribute else root)
        values: list[ast.AST] = [note for note in notes if note is not None]
        if isinstance(decorator, ast.Call):
            values += [*decorator.args, *(k.value for k in decorator.keywords)]
        noted = sorted({r for value in values for r in roots_of(value)})
        if attribute not in ("setter", "getter", "deleter"):
            effects.decorators.add(Decorator(root, attribute, tuple(noted)))


def _changed_in_place(node: ast.Attribute | ast.Subscript, effects: Effects) -> None:
    if isinstance(node.ctx, ast.Load):
        return
    effects.changes.add(root_of(node))
    key = node.slice if isinstance(node, ast.Subscript) else None
    if isinstance(key, ast.Constant) and root_of(node.value) in _NAMESPACES:
        effects.changes.add(str(key.value))


def _stored(node: ast.AST, effects: Effects) -> None:
    if isinstance(node, ast.AugAssign):
        if isinstance(node.target, ast.Name):
            effects.changes.add(node.target.id)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            effects.alias(target, node.value)
            name = target.id if isinstance(target, ast.Name) else ""
            if name and isinstance(node.value, ast.Call):
                effects.hold(name, node.value)
            elif not name:
                effects.hold(root_of(target), node.value)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
        if node.value is not None:
            effects.alias(node.target, node.value)
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        effects.alias(node.target, node.iter)
    elif isinstance(node, ast.withitem):
        effects.alias(node.optional_vars, node.context_expr)
    elif isinstance(node, ast.Match):
        for case in node.cases:
            bound = [n for part in walk(case.pattern) if (n := getattr(part, "name", None))]
            roots = roots_of(node.subject)
            effects.aliases += [(n, r) for n in bound[:_ROOTS_CAP] for r in sorted(roots)]


def _call(node: ast.Call, effects: Effects) -> None:
    given = given_to(node)
    for value in (*node.args, *(k.value for k in node.keywords)):
        if isinstance(value, ast.Attribute):  # `map(TABLE.append, …)`
            effects.methods.add(Method(root_of(value.value), value.attr, False, False))
    effects.calls |= given  # a function that is handed on may be called
    function: ast.AST = node.func
    if isinstance(function, ast.Attribute):
        root, name = root_of(function.value), f".{function.attr}"
        effects.methods.add(Method(root, function.attr, False, False))
    else:
        root = ""
        name = root_of(function).removesuffix("()")
    effects.calls.add(name)
    effects.passes |= {Pass(name, argument) for argument in given}
    if name in ("setattr", "delattr", "next") and node.args:
        effects.changes.add(root_of(node.args[0]))


def root_of(node: ast.AST) -> str:
    """The name that an expression begins with; ``f()`` where it is what ``f`` returns."""
    for _ in range(_STEPS_CAP):
        if isinstance(node, _WITHIN):
            node = node.value
        elif isinstance(node, ast.NamedExpr):
            node = node.target
        elif isinstance(node, ast.Call):
            function = node.func
            if not isinstance(function, ast.Name):
                node = function
            elif function.id in ("vars", "getattr", "type", "super") and node.args:
                node = node.args[0]
            else:
                return f"{function.id}()"
        else:
            return node.id if isinstance(node, ast.Name) else ""
    return ""


def given_to(node: ast.AST) -> set[str]:
    """The names that are handed to a call, whose result may keep what they stand for."""
    if not isinstance(node, ast.Call):
        return set()
    values = [*node.args, *(k.value for k in node.keywords)]
    return {root for value in values for root in roots_of(value)}


def roots_of(node: ast.AST) -> set[str]:
    """The names whose objects an expression may be, or hold: of ``[a, b.c]`` a and b."""
    effects: set[str] = set()
    pending = [node]
    for _ in range(_STEPS_CAP):
        if not pending or len(effects) >= _ROOTS_CAP:
            break
        node = pending.pop()
        if isinstance(node, ast.Name):
            effects.add(node.id)
        elif isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred, ast.NamedExpr)):
            pending.append(node.value)
        elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            pending += node.elts
        elif isinstance(node, ast.Dict):
            pending += node.values
        elif isinstance(node, ast.IfExp):
            pending += [node.body, node.orelse]
        elif isinstance(node, ast.BoolOp):
            pending += node.values
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in _LENDING:
                pending.append(node.func.value)
            elif isinstance(node.func, ast.Name) and node.func.id in _SAME:
                pending += node.args
    return effects
