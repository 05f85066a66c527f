"""Wrong answers that students find and fix: ``bugs/<chapter>/<id>.toml`` of a course.

A bug is a wrong specimen of the exercise without its comments on the mistake. It lies beside the
solutions and not among the graders: a class bundle has it where its instructor released the
solutions, because nobody can tell a bug from a right answer without the reference.
"""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import KataError
from autograder.outline import Course, Exercise


class BugError(KataError):
    """A bug that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Bug:
    """``source`` is the wrong answer, ``says`` the sentence of the contract that it breaks,
    ``mistake`` what is wrong in it, and ``proof`` a call that proves it."""

    source: str
    says: str
    mistake: str
    proof: str


def path(course: Course, exercise: Exercise) -> Path:
    """Where the bug of an exercise lies, if it has one."""
    folder = course.root / "course"
    root = folder if folder.is_dir() else course.root
    return root / "bugs" / exercise.chapter / f"{exercise.id}.toml"


def load(course: Course, exercise: Exercise) -> Bug | None:
    """The bug of an exercise, None where it has none; :class:`BugError` for a damaged file."""
    place = path(course, exercise)
    try:
        data = tomllib.loads(place.read_text(encoding="utf-8"))
        return Bug(**{name: str(data[name]) for name in ("source", "says", "mistake", "proof")})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError) as error:
        raise BugError(f"{place} is damaged ({error}); install kata again.") from None


def prepared(course: Course) -> list[Exercise]:
    """The exercises that have a bug."""
    return [e for e in course.exercises if path(course, e).is_file()]


def promised_errors(stub: str) -> set[str]:
    """Names of exceptions that a contract speaks of: an answer may raise those."""
    try:
        nodes = list(ast.walk(ast.parse(stub)))
    except SyntaxError:
        return set()
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    text = " ".join(ast.get_docstring(node) or "" for node in nodes if isinstance(node, kinds))
    words = "".join(c if c.isalnum() or c == "_" else " " for c in text).split()
    return {word for word in words if word.endswith(("Error", "Exception", "Interrupt", "Exit"))}
