"""A name that the checks need and the answer lacks: said once, with what may have been meant.

Checks meet it in many ways. Some report it; others catch the AttributeError, as they would catch
any error of the answer's, and describe that. Where an answer defines nothing of what the stub
gives, everything that fails does so for this reason.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from autograder.judging.telling import near, parsed
from autograder.model import NOT_DEFINED, CheckResult, Verdict

_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Defined:
    """A name at the top of a module: its line, and whether it is a class."""

    name: str
    line: int
    is_class: bool


def definitions(source: bytes | str) -> list[Defined]:
    """The public functions and classes at the top of a module; none where it cannot be parsed."""
    tree = parsed(source)
    return [
        Defined(node.name, node.lineno, isinstance(node, ast.ClassDef))
        for node in (tree.body if tree is not None else [])
        if isinstance(node, _DEFINED) and not node.name.startswith("_")
    ]


@lru_cache(maxsize=16)
def words(name: str, exercise: str, source: bytes | str, stub: bytes | str) -> str:
    """What to say of a name that is not defined, with the likeliest name of the file."""
    given = {d.name: d for d in definitions(stub)}
    others = {d.name: d for d in definitions(source) if d.name not in given}
    like = others.get(near(name, others))
    if like is None and name in given:
        same = [d for d in others.values() if d.is_class == given[name].is_class]
        like = same[0] if len(same) == 1 else None
    message = f"`{name}` {NOT_DEFINED} your {exercise}.py."
    if like is not None:
        message += f" Line {like.line} defines `{like.name}`: is that the one?"
    return message


def attributed(
    results: Sequence[CheckResult],
    reported: Mapping[str, str],
    exercise: str,
    source: bytes,
    stub: bytes,
) -> list[CheckResult]:
    """The results, with one message for everything that failed because a name is not there.

    ``reported`` holds the name that a worker did not find, by the check's name. Only names that the
    stub gives count: those are no secret of a hidden check. No verdict and no point changes.
    """
    given = [d.name for d in definitions(stub)]
    known = {check: name for check, name in reported.items() if name in given}
    if not known:
        return list(results)
    tree = parsed(source)
    none_there = tree is not None and not _bound(tree) & set(given)
    first = next(name for name in given if name in known.values())
    changed = []
    for result in results:
        name = known.get(result.name, first if none_there else "")
        if name and result.verdict in (Verdict.FAILED, Verdict.RAISED):
            message = words(name, exercise, source, stub)
            result = replace(result, message=message, hint="")
        changed.append(result)
    return changed


def _bound(tree: ast.Module) -> set[str]:
    """Every name that a module may define, wherever in it; and what it names in a text."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
            case ast.alias():
                names.add(node.asname or node.name)
            case ast.Constant(value=str(text)):
                names.add(text)
    return names
