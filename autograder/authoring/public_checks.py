"""A grader reduced to its public checks: what a class may see of it.

A whole grader goes in and a shorter one comes out, made of the same lines: the checks marked
``public=True``, and those module-level names that they use, in the files where they lie. Nothing
else is carried over: no file without such a part, and no comment between the parts.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring import grader_syntax
from autograder.authoring.grader_syntax import (
    Function,
    GraderSyntaxError,
    Module,
    Needs,
    arguments,
    bound_name,
    decorator,
    first_line,
    is_import,
)
from autograder.errors import KataError
from autograder.outline import Course, Exercise


class PublicError(KataError):
    """A grader that cannot be reduced; the message names file and place."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """The public checks of a grader, and how many others it has.

    ``share`` is the share of the points that the public ones have, None where that cannot be read.
    ``files`` are those of a grader by their path in its chapter's folder; empty where there is no
    public check.
    """

    files: Mapping[Path, str]
    public: tuple[str, ...]
    hidden: int
    share: float | None = None

    @property
    def text(self) -> str:
        """All that a class may read."""
        return "\n".join(self.files.values())


def reduced(course: Course, exercise: Exercise) -> Reduced:
    """The public part of an exercise's grader."""
    checks = course.check_files(exercise)
    if not checks:
        path = course.grader(exercise)
        raise PublicError(f"{path}: exercise {exercise.id!r} has no grader")
    texts = {path: path.read_text(encoding="utf-8") for path in course.grader_files(exercise)}
    return reduce(texts, checks, exercise.id, course.grader(exercise).parent)


def reduce(texts: Mapping[Path, str], checks: Iterable[Path], id: str, folder: Path) -> Reduced:
    """The public part of a grader, from the ``texts`` of its files below ``folder``.

    ``checks`` are those files that hold checks. A public check that asks for the reference solution
    stays hidden, too: a bundle has no reference. Raises :class:`PublicError` where
    ``public=`` is not a plain ``True`` or ``False``, since then nobody can tell without running the
    file, and where it cannot be read what a check uses.
    """
    try:
        modules = {path: grader_syntax.read(path, text) for path, text in texts.items()}
        needs, public, total = Needs(modules.values()), [], 0
        weights: dict[str, float | None] = {}
        for path in checks:
            total += len(modules[path].checks)
            weights |= {name: _weight(node) for name, node in modules[path].checks.items()}
            for check in filter(lambda c: _is_public(c, path), modules[path].checks.values()):
                own = Needs(modules.values())
                own.add(path, check)
                if not any(_asks_reference(node) for _, node in own.statements):
                    needs.add(path, check)
                    public.append(check.name)
        hidden = total - len(public)
        files = _written(modules, needs, id, hidden)
    except GraderSyntaxError as error:
        raise PublicError(str(error)) from error
    named = {path.relative_to(folder): text for path, text in files.items()}
    return Reduced(named, tuple(public), hidden, _share(weights, public))


def _weight(node: Function) -> float | None:
    """The points of a check, if they are written as a number."""
    call = decorator(node, "check")
    assert isinstance(call, ast.Call)
    for keyword in call.keywords:
        if keyword.arg == "points":
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
            return None
    return 1.0


def _share(weights: Mapping[str, float | None], public: Iterable[str]) -> float | None:
    known = {name: weight for name, weight in weights.items() if weight is not None}
    if len(known) < len(weights) or not known:
        return None
    return sum(known[name] for name in public) / sum(known.values())


def _is_public(node: Function, path: Path) -> bool:
    call = decorator(node, "check")
    assert isinstance(call, ast.Call)
    for keyword in call.keywords:
        if keyword.arg == "public":
            if isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, bool):
                return keyword.value.value
            raise PublicError(f"{path}:{node.lineno}: {node.name}: write public=True or False")
        if keyword.arg is None:
            raise PublicError(f"{path}:{node.lineno}: {node.name}: @check(**…) cannot be read")
    return False


def _asks_reference(node: ast.stmt) -> bool:
    """Whether a check, or a fixture of its, asks for the reference solution."""
    if not isinstance(node, Function):
        return False
    if decorator(node, "check") is None:
        return decorator(node, "fixture") is not None and "reference" in arguments(node)
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return "reference" in names.union(arguments(node))


# -- writing ----------------------------------------------------------------------------------


def _written(modules: Mapping[Path, Module], needs: Needs, id: str, hidden: int) -> dict[Path, str]:
    """The texts of the files that are needed, packages' own included."""
    needed = {path for path, _ in needs.statements}
    packages = {folder / "__init__.py" for path in needed for folder in path.parents}
    files = {}
    for path in sorted(needed | packages & modules.keys()):
        checked = any((path, check) in needs.statements for check in modules[path].checks.values())
        about = f"Public checks of ``{id}``. {_more(hidden)}"
        head = about if checked else f"What the public checks of ``{id}`` use."
        files[path] = _text(modules[path], needs, head)
        ast.parse(files[path])
    return files


def _more(hidden: int) -> str:
    if not hidden:
        return "There are no others."
    return f"{hidden} more {'runs' if hidden == 1 else 'run'} when your work is graded."


def _text(module: Module, needs: Needs, head: str) -> str:
    """The needed statements of a file, as they are written there, imports cut to what is used."""
    used = {name for path, name in needs.names if path == module.path}
    text = f'"""{head}"""\n'
    before: ast.stmt | None = None
    for number, node in enumerate(module.body):
        if (module.path, node) not in needs.statements and not _is_future(node):
            continue
        _stands_alone(module, number)
        if isinstance(node, ast.Import | ast.ImportFrom):
            gap = "" if before is not None and is_import(before) else "\n"
            part = _import(node, used)
        else:
            gap = "\n\n"
            part = "\n".join(module.lines[first_line(node) - 1 : node.end_lineno])
        text += f"{gap}{part}\n"
        before = node
    return text


def _is_future(node: ast.stmt) -> bool:
    """Whether the statement changes how the whole file is read."""
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _stands_alone(module: Module, number: int) -> None:
    """:class:`GraderSyntaxError` where a line of a statement holds a part of another, too."""
    node = module.body[number]
    others = (*module.body[max(0, number - 1) : number], *module.body[number + 1 : number + 2])
    for other in others:
        if other.end_lineno == first_line(node) or first_line(other) == node.end_lineno:
            words = "two statements on one line; give each its own"
            raise GraderSyntaxError(f"{module.path}:{first_line(node)}: {words}")


def _import(node: ast.Import | ast.ImportFrom, used: set[str]) -> str:
    """An import of the names that are used, and no other."""
    names = [alias for alias in node.names if bound_name(alias) in used or _is_future(node)]
    cut = (
        ast.Import(names)
        if isinstance(node, ast.Import)
        else ast.ImportFrom(node.module, names, node.level)
    )
    return ast.unparse(cut)
