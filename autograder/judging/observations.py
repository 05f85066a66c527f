"""Observations: closed little functions that travel to the sandbox as code objects.

Closed means: no global of the grader, no closure, arguments as data. What it needs it
imports in its own body, or takes from the helpers named with it, which are closed too. Words of
the vocabulary that are marked :func:`in_sandbox` come along by themselves.
Docstrings and file names that would tell a student about the grader are removed.
"""

from __future__ import annotations

import ast
import builtins
import dis
import functools
import importlib
import importlib.machinery
import marshal
import types
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

VOCABULARY = "autograder.judging.vocabulary"
"""The package whose words observations may use without naming them as helpers."""

GIVEN = "given"
"""``in_sandbox(assigns=GIVEN)``: the word assigns attributes whose names it is given."""

ITS_OWN = "its own"
"""``in_sandbox(assigns=ITS_OWN)``: whatever it may assign, by what its code holds."""

_WORD = "__kata_assigns__"


class NotClosed(Exception):
    """An observation that reaches outside itself: a mistake in the grader."""


def _codes(code: types.CodeType) -> Iterable[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def outside_names(code: types.CodeType, allowed: Iterable[str] = ()) -> list[str]:
    """Names that the code would look for outside itself, builtins and ``allowed`` excepted.

    A variable of an enclosing function is never allowed: a helper has to be defined at the top
    level of the grader, because only code travels, and no closure.
    """
    return sorted(_looked_up(code).difference(allowed).union(code.co_freevars))


_KNOWN = {*dir(builtins), "__name__", "__module__", "__qualname__", "__static_attributes__"}


@functools.lru_cache(4096)
def _looked_up(code: types.CodeType) -> frozenset[str]:
    """Names that the code looks for outside itself, builtins excepted."""
    used: set[str] = set()
    for inner in _codes(code):
        read, stored = set(), set()
        for instruction in dis.get_instructions(inner):
            if instruction.opname in ("LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL"):
                used.add(instruction.argval)
            elif instruction.opname == "LOAD_NAME":
                read.add(instruction.argval)
            elif instruction.opname == "STORE_NAME":
                stored.add(instruction.argval)
        # A class body reads its own names with LOAD_NAME; those it stores itself are its own.
        used |= read - stored
    return frozenset(used - _KNOWN)


def in_sandbox(*, assigns: tuple[str, ...] | str = ()) -> Callable[[F], F]:
    """Decorator: a word of the vocabulary that runs in the sandbox, within an observation.

    An observation that uses it by name takes it along, and the words that it uses in turn.
    ``assigns`` names attributes of Python's own modules and classes that the word assigns; any
    other change to those, while it runs, is the submission's doing. ``GIVEN`` stands for the names
    that the observation holds as text.
    """

    def mark(function: F) -> F:
        setattr(function, _WORD, assigns)
        return function

    return mark


def is_word(value: Any) -> bool:
    """Whether it is a function that was marked with :func:`in_sandbox`."""
    return isinstance(value, types.FunctionType) and hasattr(value, _WORD)


def company(
    function: Callable[..., Any], helpers: Iterable[Callable[..., Any]] = ()
) -> tuple[Any, ...]:
    """The helpers of an observation, and every word that it or they use, each once.

    :class:`NotClosed` where two of them, or one and the observation, have the same name.
    """
    named: dict[str, Any] = {}
    pending: list[Any] = [function]

    def add(name: str, helper: Any) -> None:
        if named.setdefault(name, helper) is not helper or name == function.__name__:
            raise NotClosed(f"two functions of one observation are called {name!r}")

    for helper in helpers:
        add(helper.__name__, helper)
        pending.append(helper)
    while pending:
        user = pending.pop()
        if not isinstance(user, types.FunctionType):
            continue  # pack() says what is wrong with it
        for name in _global_names(user.__code__):
            word: Any = user.__globals__.get(name)
            # A word of the grader's choice may stand for another: its own helper goes first.
            if is_word(word) and (name not in named or is_word(user)):
                if word.__name__ != name:
                    raise NotClosed(f"{name!r} is the word {word.__name__!r}: use it by that name")
                if name not in named:
                    pending.append(word)
                add(name, word)
    return tuple(named.values())


@functools.lru_cache(4096)
def _global_names(code: types.CodeType) -> tuple[str, ...]:
    return tuple(name for name in outside_names(code) if name not in code.co_freevars)


def assignable(functions: Iterable[Any]) -> list[str]:
    """Names of the attributes that the functions of one observation may assign or delete."""
    names: set[str] = set()
    own = [f.__code__ for f in functions if not is_word(f)]
    for word in filter(is_word, functions):
        declared = getattr(word, _WORD)
        if declared == GIVEN:
            for code in own:
                texts = {t for inner in _codes(code) for t in _texts(inner.co_consts)}
                names |= {last for t in texts if (last := t.rpartition(".")[2]).isidentifier()}
        else:
            names.update(assigned(word.__code__) if declared == ITS_OWN else declared)
    for code in own:
        names.update(assigned(code))
    return sorted(names)


def _scrub(code: types.CodeType, inner: bool = False) -> types.CodeType:
    """The code without the grader's file name and its own docstring.

    Docstrings of functions within it stay: they may be what the observation is about.
    """
    constants = [_scrub(c, True) if isinstance(c, types.CodeType) else c for c in code.co_consts]
    loaded = {i.arg for i in dis.get_instructions(code) if i.opname == "LOAD_CONST"}
    if not inner and constants and isinstance(constants[0], str) and 0 not in loaded:
        constants[0] = ""
    # As any text that is executed: an answer must not know a check by its name, nor by that of the
    # function in which a callback was made.
    if "__qualname__" in code.co_names:  # the body of a class
        constants = [c.rpartition("<locals>.")[2] if type(c) is str else c for c in constants]
    return code.replace(
        co_filename="<string>", co_qualname=code.co_name, co_consts=tuple(constants)
    )


def pack(function: Callable[..., Any], helpers: Iterable[Callable[..., Any]] = ()) -> list[Any]:
    """``[name, code, defaults, keyword defaults]`` for the wire; :class:`NotClosed` otherwise."""
    if not isinstance(function, types.FunctionType):
        raise NotClosed(f"{function!r} is not a plain function")
    return [
        function.__name__,
        _packed(function.__code__, tuple(h.__name__ for h in helpers)),
        list(function.__defaults__) if function.__defaults__ else None,
        function.__kwdefaults__,
    ]


@functools.lru_cache(4096)
def _packed(code: types.CodeType, helpers: tuple[str, ...]) -> bytes:
    """The code for the wire. Kept: reading instructions costs more than most checks do."""
    outside = outside_names(code, helpers)
    if outside:
        raise NotClosed(
            f"observation {code.co_name!r} (line {code.co_firstlineno}) uses {', '.join(outside)} "
            "from outside; pass it as an argument, import it inside, or name a function of the "
            "grader's top level in helpers="
        )
    return marshal.dumps(_scrub(code))


@functools.lru_cache(4096)
def assigned(code: types.CodeType) -> tuple[str, ...]:
    """Names of the attributes that the code may assign or delete.

    Where it does so by name (``setattr``, ``vars``), every text in it that could be one counts.
    """
    used: set[str] = set()
    by_name = {"setattr", "delattr", "vars", "__dict__", "exec"}
    dynamic = any(by_name & {*inner.co_names} for inner in _codes(code))
    for inner in _codes(code):
        for instruction in dis.get_instructions(inner):
            if instruction.opname in ("STORE_ATTR", "DELETE_ATTR"):
                used.add(instruction.argval)
        if dynamic:
            used.update(name for name in _texts(inner.co_consts) if name.isidentifier())
    return tuple(sorted(used))


def _texts(values: Any) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple | frozenset):
            yield from _texts(value)


def _is_observe(decorator: ast.expr) -> bool:
    call = decorator
    return isinstance(call, ast.Call) and (
        (isinstance(call.func, ast.Attribute) and call.func.attr == "observe")
        or (isinstance(call.func, ast.Name) and call.func.id == "observe")
    )


def open_observations(path: Path) -> list[str]:
    """What is wrong with the observations of one grader file, a line each; empty if nothing.

    Looks at every function decorated with ``….observe(...)``, compiled within its file, so a
    name of an enclosing test shows as a free variable.
    """
    text = path.read_text(encoding="utf-8")
    syntax = ast.parse(text, str(path))
    wanted = {
        (node.name, node.decorator_list[0].lineno)
        for node in _statements(syntax)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(_is_observe(d) for d in node.decorator_list)
    }
    words = _imported_words(syntax)
    suspects = [
        code
        for code in _codes(_compiled(path))
        if (code.co_name, code.co_firstlineno) in wanted and outside_names(code, words)
    ]
    if suspects:
        words |= _named_helpers(syntax)
    return [
        f"{path}:{code.co_firstlineno}: observation {code.co_name!r} uses "
        f"{', '.join(outside)} from outside itself"
        for code in suspects
        if (outside := outside_names(code, words))
    ]


def _named_helpers(syntax: ast.Module) -> set[str]:
    """Names that a grader passes as ``helpers=`` anywhere."""
    return {
        target.id
        for node in ast.walk(syntax)
        if isinstance(node, ast.keyword) and node.arg == "helpers"
        for target in ast.walk(node.value)
        if isinstance(target, ast.Name)
    }


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """All statements in a piece of syntax: a tenth of what ``ast.walk`` would go through."""
    for part in ("body", "handlers", "orelse", "finalbody", "cases"):
        for inner in getattr(node, part, ()):
            if isinstance(inner, ast.stmt):
                yield inner
            yield from _statements(inner)


def _compiled(path: Path) -> types.CodeType:
    """The code of a file; that of its import, where Python has kept it."""
    code = importlib.machinery.SourceFileLoader("grader", str(path)).get_code("grader")
    assert isinstance(code, types.CodeType)
    return code


def _imported_words(syntax: ast.Module) -> set[str]:
    """Words of the vocabulary that a grader imports by their own names."""
    words: set[str] = set()
    for node in syntax.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(VOCABULARY):
            module = importlib.import_module(node.module or "")
            names = [alias.name for alias in node.names if alias.asname in (None, alias.name)]
            words |= {name for name in names if is_word(getattr(module, name, None))}
    return words
