"""Which names a piece of Python binds and reads, and when it reads them.

``eager`` names are read as the piece is run, before it binds them itself. ``lazy`` names are
read by the functions in it, when those are called. Nothing here recurses: a stranger's syntax
tree may be as deep as the parser allows.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.ingest.notebooks.trees import children, shrink

KNOWN = frozenset(dir(builtins)) | {"__file__", "__builtins__"}
"""Names that Python defines by itself."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Nodes that neither bind anything nor have an order of their own.
_PLAIN = frozenset(
    {ast.Call, ast.Attribute, ast.Subscript, ast.BinOp, ast.Compare, ast.Expr, ast.keyword}
    | {ast.Tuple, ast.List, ast.BoolOp, ast.UnaryOp, ast.Return}
)
_TYPE_ALIAS: type = getattr(ast, "TypeAlias", type(None))  # Python 3.12


@dataclass(slots=True)
class Names:
    """Names of one piece of code, in the namespace that it is run in.

    ``strong`` are those of ``binds`` that are bound again whenever the piece is run, whatever
    they were before; ``rebinds`` are bound by ``global`` statements in its functions.
    """

    binds: set[str] = field(default_factory=set)
    strong: set[str] = field(default_factory=set)
    eager: set[str] = field(default_factory=set)
    lazy: set[str] = field(default_factory=set)
    rebinds: set[str] = field(default_factory=set)

    def small(self) -> Names:
        """The same, with one empty set for all that are empty: there are many of these."""
        return shrink(self)


@dataclass(slots=True)
class _Scope:
    kind: str  # top, class, function or comprehension
    parent: _Scope | None
    binds: set[str] = field(default_factory=set)
    eager: set[str] = field(default_factory=set)
    lazy: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)  # nonlocal

    def read(self, name: str) -> None:
        """Note a name that is read here, in the scope that has to bind it before."""
        scope, came_from = self, ""
        # A function's names are the same all through it; elsewhere they are as of now.
        while scope.kind != "function":
            # What a comprehension reads in a class body does not belong to the class.
            if name in scope.binds and not (scope.kind == "class" and came_from):
                return
            if scope.parent is None:
                break
            scope, came_from = scope.parent, scope.kind
        scope.eager.add(name)

    def bind(self, name: str) -> None:
        if name not in self.outer:
            self.binds.add(name)

    def around(self) -> _Scope:
        """Where an assignment expression binds: outside of comprehensions."""
        scope = self
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        return scope


def names_of(nodes: Iterable[ast.AST]) -> Names:
    """The names of statements that are run one after the other."""
    nodes = list(nodes)
    top = _Scope("top", None)
    scopes = _scopes(nodes, top)
    bound = Names(top.binds, set(), top.eager, top.lazy)
    for scope in reversed(scopes[1:]):  # inner ones first
        parent = scope.parent
        assert parent is not None
        if scope.kind == "function":
            own = scope.binds - scope.declared
            bound.rebinds |= scope.binds & scope.declared
            parent.lazy |= ((scope.eager | scope.lazy) - own) | (scope.eager & scope.declared)
        elif scope.kind == "class":
            parent.lazy |= scope.lazy  # methods do not see the names of their class
        else:
            parent.lazy |= scope.lazy - scope.binds
    for node in nodes:
        bound.strong |= _surely_bound(node)
    return bound


def _scopes(nodes: list[ast.AST], top: _Scope) -> list[_Scope]:
    """All scopes, outer ones first, with what each of them binds and reads itself."""
    scopes = [top]
    pending: list[tuple[ast.AST, _Scope]] = [(node, top) for node in reversed(nodes)]
    while pending:
        node, scope = pending.pop()
        if isinstance(node, ast.Name):
            (scope.read if isinstance(node.ctx, ast.Load) else scope.bind)(node.id)
            continue
        if node.__class__ in _PLAIN:
            pending += [(child, scope) for child in reversed(children(node))]
            continue
        inner: list[tuple[ast.AST | None, _Scope]] = []
        if isinstance(node, (*FUNCTIONS, ast.Lambda)):
            inner = _function(node, scope, scopes)
        elif isinstance(node, ast.ClassDef):
            inner = _class(node, scope, scopes)
        elif isinstance(node, _COMPREHENSIONS):
            inside = _Scope("comprehension", scope)
            scopes.append(inside)
            first = node.generators[0].iter
            inner.append((first, scope))
            inner += [(child, inside) for child in _in_order(node) if child is not first]
        elif isinstance(node, ast.NamedExpr):
            inner = [(node.value, scope), (node.target, scope.around())]
        else:
            _bind_others(node, scope)
            inner = [(child, scope) for child in _in_order(node)]
        pending += [(child, where) for child, where in reversed(inner) if child is not None]
    return scopes


def _function(
    node: Function | ast.Lambda, scope: _Scope, scopes: list[_Scope]
) -> list[tuple[ast.AST | None, _Scope]]:
    inside = _Scope("function", scope)
    scopes.append(inside)
    a = node.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *(x for x in (a.vararg, a.kwarg) if x)]
    inside.binds |= {x.arg for x in every}
    outside: list[tuple[ast.AST | None, _Scope]] = [(d, scope) for d in a.defaults]
    outside += [(d, scope) for d in a.kw_defaults]
    if isinstance(node, ast.Lambda):
        return [*outside, (node.body, inside)]
    parameters = getattr(node, "type_params", [])
    notes = inside if parameters else scope
    outside = [*((d, scope) for d in node.decorator_list), *outside]
    outside += [(x.annotation, notes) for x in every] + [(node.returns, notes)]
    outside += [(p, inside) for p in parameters]
    outside.append((_stored(node.name), scope))
    return [*outside, *((child, inside) for child in node.body)]


def _class(
    node: ast.ClassDef, scope: _Scope, scopes: list[_Scope]
) -> list[tuple[ast.AST | None, _Scope]]:
    inside = _Scope("class", scope)
    scopes.append(inside)
    before = [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
    parameters = getattr(node, "type_params", [])
    inner = [(child, inside) for child in (*parameters, *node.body)]
    # Its name is there once its body was run.
    return [*((child, scope) for child in before), *inner, (_stored(node.name), scope)]


def _stored(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def _bind_others(node: ast.AST, scope: _Scope) -> None:
    """What a node binds by a name that is no ``ast.Name``."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            if alias.name != "*":
                scope.bind(alias.asname or alias.name.partition(".")[0])
    elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        if node.name:
            scope.bind(node.name)
    elif isinstance(node, ast.MatchMapping):
        if node.rest:
            scope.bind(node.rest)
    elif isinstance(node, ast.Global):
        scope.declared |= set(node.names)
    elif isinstance(node, ast.Nonlocal):
        scope.outer |= set(node.names)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        scope.read(node.target.id)
    elif type(node).__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple"):
        scope.bind(getattr(node, "name", ""))


def _in_order(node: ast.AST) -> list[ast.AST]:
    """A node's children in the order in which they are run."""
    if isinstance(node, ast.Assign):
        return [node.value, *node.targets]
    if isinstance(node, ast.AnnAssign):
        if node.value is None and isinstance(node.target, ast.Name):
            return [node.annotation]  # binds nothing
        return [x for x in (node.value, node.target, node.annotation) if x is not None]
    if isinstance(node, ast.AugAssign):
        return [node.value, node.target]
    if isinstance(node, (ast.For, ast.AsyncFor)):
        return [node.iter, node.target, *node.body, *node.orelse]
    if isinstance(node, ast.DictComp):
        return [*node.generators, node.key, node.value]
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        return [*node.generators, node.elt]
    if isinstance(node, ast.comprehension):
        return [node.iter, node.target, *node.ifs]
    return children(node)


def _surely_bound(node: ast.AST) -> set[str]:
    """What a statement binds each time, and never because of what was there before."""
    if isinstance(node, DEFINITIONS):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        return names - {"*"}
    targets: list[ast.AST] = []
    if isinstance(node, ast.Assign):
        targets += node.targets
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        targets.append(node.target)
    elif isinstance(node, _TYPE_ALIAS):
        targets.append(node.name)  # type: ignore[attr-defined]
    names = set()
    while targets:
        target = targets.pop()
        if isinstance(target, ast.Name):
            names.add(target.id)
        elif isinstance(target, (ast.Tuple, ast.List)):
            targets += target.elts
        elif isinstance(target, ast.Starred):
            targets.append(target.value)
    return names
