"""``graders/<chapter>/<id>.toml``: what a contract asks for, clause by clause.

    point = ["values"]
    asks_nothing = ["An iterator."]

    [clauses.values]
    says = "It yields the whole numbers from 1 to ``limit``."
    checks = ["test_counts_from_one_to_the_limit"]
    broken_by = ["wrong_zero_based"]

``says`` is a piece of the contract, word for word: a sentence, or the part of one that can be
broken by itself. ``checks`` judge it, and the wrong specimens ``broken_by`` break it. ``point``
names the clauses that the exercise is about: an answer that breaks one of them earns less than
half, unless it is among the ``rare``, which break it in rare cases only. ``asks_nothing`` holds the
rest of the contract, which explains. The contract is the text of the docstrings that a student
gets, without examples.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.errors import KataError
from autograder.outline import Course, Exercise
from autograder.text import toml

_TOP = {"point", "rare", "asks_nothing", "clauses"}
_CLAUSE = {"says", "checks", "broken_by"}


class ClausesError(KataError):
    """A table of clauses that cannot be read; the message names file, place and fix."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One demand of a contract, the checks that judge it, and the specimens that break it."""

    id: str
    says: str
    checks: tuple[str, ...]
    broken_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The clauses of one exercise, in the order of its file."""

    clauses: tuple[Clause, ...]
    point: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    asks_nothing: tuple[str, ...] = ()

    def judged_by(self, check: str) -> tuple[Clause, ...]:
        """The clauses that a check is about."""
        return tuple(clause for clause in self.clauses if check in clause.checks)

    def misses_the_point(self, specimen: str) -> bool:
        """Whether a specimen breaks what the exercise is about, in more than rare cases."""
        return specimen not in self.rare and self.breaks_point(specimen)

    def breaks_point(self, specimen: str) -> bool:
        """Whether a specimen breaks a clause that the exercise is about."""
        return any(c.id in self.point and specimen in c.broken_by for c in self.clauses)


def path(course: Course, exercise: Exercise) -> Path:
    """Where the table of an exercise lies, beside its grader."""
    return course.graders / exercise.chapter / f"{exercise.id}.toml"


def load(course: Course, exercise: Exercise) -> Table | None:
    """The table of an exercise, ``None`` where it has no table; :class:`ClausesError` where it
    cannot be read."""
    return _read(path(course, exercise))


def sentences(course: Course, id: str, check: str) -> tuple[str, ...]:
    """What the contract says about a check, for its student; empty where nothing is on record.

    A table that cannot be read is the author's to fix, and the audit says so: no student loses a
    page, and no class its run, for it.
    """
    exercise = next((e for e in course.exercises if e.id == id), None)
    try:
        table = None if exercise is None else load(course, exercise)
    except ClausesError:
        table = None
    if table is None:
        return ()
    return tuple(" ".join(c.says.split()).replace("``", "`") for c in table.judged_by(check))


@lru_cache(maxsize=256)
def _read(path: Path) -> Table | None:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ClausesError(f"{path}: {error}; save it as UTF-8 text") from error
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise ClausesError(f"{path}: {error}") from error
    _refuse_others(path, "", data, _TOP)
    clauses = data.get("clauses", {})
    if not isinstance(clauses, dict):
        raise ClausesError(f"{path}: clauses must be tables [clauses.<id>]")
    return Table(
        tuple(_clause(path, id, entry) for id, entry in clauses.items()),
        _texts(path, "point", data.get("point", [])),
        _texts(path, "rare", data.get("rare", [])),
        _texts(path, "asks_nothing", data.get("asks_nothing", [])),
    )


def _clause(path: Path, id: str, entry: Any) -> Clause:
    if not isinstance(entry, dict) or not isinstance(entry.get("says"), str):
        raise ClausesError(f'{path}: [clauses.{id}] needs says = "…", a piece of the contract')
    _refuse_others(path, f"[clauses.{id}]: ", entry, _CLAUSE)
    lists = (_texts(path, f"[clauses.{id}] {n}", entry.get(n, [])) for n in ("checks", "broken_by"))
    return Clause(id, entry["says"], *lists)


def _refuse_others(path: Path, place: str, data: dict[str, Any], known: set[str]) -> None:
    for name in data.keys() - known:
        raise ClausesError(f"{path}: {place}{name!r} is not one of {', '.join(sorted(known))}")


def _texts(path: Path, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ClausesError(f'{path}: {name} must be a list of texts, such as ["one", "two"]')
    return tuple(value)


def for_students(table: Table, public: Collection[str]) -> str:
    """The table as a class may have it: the clauses of its ``public`` checks, as TOML."""
    parts = []
    for clause in table.clauses:
        checks = [check for check in clause.checks if check in public]
        if checks:
            says = toml.text(" ".join(clause.says.split()))
            parts.append(f"[clauses.{clause.id}]\nsays = {says}\nchecks = {toml.texts(checks)}\n")
    return "\n".join(parts)


# -- the contract's text ----------------------------------------------------------------------


def contract_text(stub: str) -> str:
    """The docstrings of a stub's classes and functions, without their examples, in one line."""
    texts = [_without_examples(text) for text in _docstrings(ast.parse(stub))]
    return " ".join(" ".join(texts).split())


def _docstrings(tree: ast.AST) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""
            if isinstance(node, ast.ClassDef):
                yield from _docstrings(node)


def _without_examples(text: str) -> str:
    """An example ends with a blank line, as doctest has it."""
    return re.sub(r"^[ ]*>>>.*?(?:\n[ ]*(?:\n|$)|\Z)", "\n", text, flags=re.MULTILINE | re.DOTALL)
