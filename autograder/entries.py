"""Chapters and exercises, as an outline lists them: each entry read and checked."""

from __future__ import annotations

import keyword
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from autograder.errors import KataError
from autograder.sandbox.inside import profiles
from autograder.sandbox.inside.limits import Limits, MiB

NEEDS = ("numpy", "torch", "gpu", "cores")
MOST = 1_000_000_000
"""Largest number that an outline may hold, in whatever unit."""
IN_MIB = ("memory", "scratch", "reply")


class OutlineError(KataError):
    """The outline cannot be used; the message names the file, the place and the fix."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One entry of the outline. ``minutes`` is what a student should plan for."""

    id: str
    chapter: str
    title: str
    section: str
    points: float
    minutes: int
    prerequisites: tuple[str, ...]
    hints: tuple[str, ...]
    needs: tuple[str, ...]
    limits: Limits
    hidden_checks: int = 0  # in a class bundle: how many more there are than its graders hold
    public_points: float | None = None  # in a class bundle: what its graders' checks are worth
    files: tuple[str, ...] = ()  # data that lies beside the answer; paths within the course

    @property
    def profile(self) -> str:
        """What its zygote has loaded: ``plain``, ``numpy`` or ``torch``, and ``packages``."""
        return profiles.with_packages(self._base, self.packages)

    @property
    def packages(self) -> tuple[str, ...]:
        """What it needs of packages that its kind of zygote has not loaded anyway."""
        loaded = profiles.modules(self._base)
        return tuple(n for n in self.needs if n not in NEEDS and n not in loaded)

    @property
    def _base(self) -> str:
        if "torch" in self.needs or "gpu" in self.needs:
            return "torch"
        return "numpy" if "numpy" in self.needs else "plain"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter and its exercises, in teaching order."""

    id: str
    title: str
    exercises: tuple[Exercise, ...]


def chapter_of(path: Path, entry: dict[str, Any]) -> Chapter:
    """The chapter that an entry of the outline at ``path`` describes, with its exercises."""
    id = _need(path, entry, "id", str, "a [[chapter]]")
    exercises = tuple(exercise_of(path, id, item) for item in entry.get("exercise", []))
    return Chapter(id, entry.get("title", id), exercises)


def exercise_of(path: Path, chapter: str, entry: dict[str, Any]) -> Exercise:
    """The exercise that an entry of the outline at ``path`` describes."""
    where = f"an exercise of chapter {chapter!r}"
    id = _need(path, entry, "id", str, where)
    if not id.isidentifier():
        raise OutlineError(f"{path}: exercise id {id!r} must be a Python module name")
    where = f"exercise {id!r}"
    needs = _names(path, entry, "needs", where)
    for need in needs:
        parts = need.split(".")
        if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
            raise OutlineError(
                f"{path}: {where} needs {need!r}, which is not a package name: use "
                f"{', '.join(NEEDS)} or the name of a package that `import` finds"
            )
    with_torch = not {"torch", "gpu"}.isdisjoint(needs)
    return Exercise(
        id=id,
        chapter=chapter,
        title=_need(path, entry, "title", str, where),
        section=str(entry.get("section", "")),
        points=_need_number(path, entry, "points", (int, float), where),
        minutes=_need_number(path, entry, "minutes", int, where),
        prerequisites=tuple(entry.get("prerequisites", ())),
        hints=tuple(entry.get("hints", ())),
        needs=needs,
        hidden_checks=int(entry.get("hidden_checks", 0)),
        public_points=_public_points(path, entry, where),
        files=_names(path, entry, "files", where),
        limits=_limits(path, entry.get("limits", {}), where, with_torch),
    )


def _public_points(path: Path, entry: dict[str, Any], where: str) -> float | None:
    """What the public checks of a class bundle are worth; None where nobody said."""
    if "public_points" not in entry:
        return None
    value = entry["public_points"]
    if type(value) not in (int, float) or not 0 <= value <= entry["points"]:
        raise OutlineError(f"{path}: {where}: public_points must be a number from 0 to its points")
    return float(value)


def _names(path: Path, entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A list of different texts; empty where the entry is not there."""
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise OutlineError(f"{path}: {where}: {key} must be a list of strings")
    return tuple(dict.fromkeys(value))


def _limits(path: Path, entry: dict[str, Any], where: str, torch: bool) -> Limits:
    known = {f.name for f in fields(Limits)}
    unknown = sorted(set(entry) - known)
    if unknown:
        raise OutlineError(f"{path}: {where} has unknown limits {', '.join(unknown)}")
    base = Limits(memory=1024 * MiB) if torch else Limits()
    for name, value in entry.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 < value <= MOST:
            raise OutlineError(f"{path}: {where}: limit {name} must be a positive number")
    values = {k: int(v * MiB) if k in IN_MIB else v for k, v in entry.items()}
    return replace(base, **values)


def _need(path: Path, entry: dict[str, Any], key: str, kind: Any, where: str) -> Any:
    value = entry.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise OutlineError(f"{path}: {where} needs {key!r} ({_kind_name(kind)})")
    return value


def _need_number(path: Path, entry: dict[str, Any], key: str, kind: Any, where: str) -> Any:
    value = _need(path, entry, key, kind, where)
    if not 0 <= value <= MOST:  # as it is not for nan
        raise OutlineError(f"{path}: {where}: {key} must be from 0 to {MOST}, not {value}")
    return value


def _kind_name(kind: Any) -> str:
    return {str: "a string", int: "a whole number"}.get(kind, "a number")
