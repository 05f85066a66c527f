"""What a worker must have in common with its coordinator, as a value that both compare.

The engine, the graders and the walls must be the same: a stored result says that they were. Python
and packages may differ where ``--mixed`` says so, and then the result says it, too.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.grading import private_graders
from autograder.grading.digest import engine_digest, grader_digest
from autograder.machine import has
from autograder.model import Walls
from autograder.outline import Course

PACKAGES = ("torch", "numpy")
"""Packages whose version can change a mark."""

OCCUPIED = "kata"
"""Resource of every worker of ours, one each: a task takes :data:`SHARE` of it, or all of it."""

SHARE = 1 / 1024
"""What a task takes of a resource that it shares: a power of two, so sums are exact."""

NEEDS = {"gpu": ("GPU", 1.0), "cores": ("CORES", SHARE)}
"""The resource that a check's need stands for, and how much of it a task takes."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One machine, as its worker or its coordinator sees it.

    ``graders`` are digests by exercise id, ``versions`` those of Python and :data:`PACKAGES`.
    ``needs`` are those of checks that can be met, ``slots`` how many submissions at a time.
    """

    engine: str
    graders: dict[str, str]
    walls: Walls
    versions: dict[str, str]
    needs: tuple[str, ...] = ()
    slots: int = 0

    def as_dict(self) -> dict[str, Any]:
        """As Dask carries it, which knows no tuples."""
        return {**asdict(self), "needs": list(self.needs)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Facts:
        """The inverse of :meth:`as_dict`."""
        return cls(**{**values, "needs": tuple(values["needs"]), "walls": Walls(values["walls"])})

    def same(self) -> str:
        """Name of the resource of workers with the same engine, graders and walls."""
        return f"kata-{_digest([self.engine, self.graders, self.walls])}"

    def alike(self) -> str:
        """Name of the resource of workers that have the same versions as well."""
        return f"{self.same()}-{_digest([self.versions])}"

    def resources(self) -> dict[str, float]:
        """What a worker announces to the scheduler."""
        met = {NEEDS[need][0]: 1.0 for need in self.needs}
        return {OCCUPIED: 1.0, self.same(): 1.0, self.alike(): 1.0, **met}

    def asked(self, needs: Iterable[str], *, alone: bool, mixed: bool) -> dict[str, float]:
        """What a task of this coordinator takes: of a worker that fits, and all of it if
        ``alone``."""
        met = dict(NEEDS[need] for need in needs)
        fitting = self.same() if mixed else self.alike()
        return {OCCUPIED: 1.0 if alone else SHARE, fitting: SHARE, **met}


def _digest(values: list[Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def facts_of(course: Course, folders: Iterable[Path], *, walls: Walls, slots: int = 0) -> Facts:
    """This machine with ``course`` and the private graders in ``folders``."""
    private = private_graders.parts(course, folders)
    graders = {e.id: grader_digest(course, e, private) for e in course.exercises}
    needs = tuple(need for need in NEEDS if has(need))
    versions = {"Python": platform.python_version()} | {name: _version(name) for name in PACKAGES}
    return Facts(engine_digest(), graders, walls, versions, needs, slots)


def _version(package: str) -> str:
    """Without the local part: ``2.13.0+cpu`` and ``2.13.0+cu126`` are one version."""
    try:
        return importlib.metadata.version(package).partition("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return "none"


def other_versions(ours: Facts, theirs: Facts) -> str:
    """The versions of ``theirs`` that differ from ours; empty where none does."""
    return ", ".join(f"{k} {v}" for k, v in theirs.versions.items() if v != ours.versions.get(k))


def refusal(ours: Facts, theirs: Facts, *, mixed: bool) -> str:
    """Why a worker takes no jobs of a coordinator, with the fix; empty where it takes them."""
    reasons = []
    if theirs.engine != ours.engine:
        reasons.append(
            f"its engine is {theirs.engine[:12]}, not {ours.engine[:12]}: install the same version"
        )
    elif theirs.graders != ours.graders:
        reasons.append(_graders(ours, theirs))
    if theirs.walls != ours.walls:
        reasons.append(_walls(ours.walls, theirs.walls))
    different = other_versions(ours, theirs)
    if different and not mixed:
        wanted = ", ".join(f"{k} {v}" for k, v in ours.versions.items() if v != theirs.versions[k])
        reasons.append(f"it has {different}, not {wanted}: install the same, or pass --mixed")
    return "; ".join(reasons)


def _walls(ours: Walls, theirs: Walls) -> str:
    if not theirs:
        return "it has no walls, as asked for: start both with or without --unsafe-no-sandbox"
    if not ours:
        return "it has walls, not as asked for: start both with or without --unsafe-no-sandbox"
    return (
        f"its walls are {theirs}, not {ours}: start both with the same --walls and --allow-network"
    )


def _graders(ours: Facts, theirs: Facts) -> str:
    other = [id for id in ours.graders if theirs.graders.get(id) != ours.graders[id]]
    if not other:  # it knows more exercises
        other = [id for id in theirs.graders if id not in ours.graders]
    named = ", ".join(other[:3]) + (", …" if len(other) > 3 else "")
    return (
        f"its graders differ ({named}; {len(other)} of {len(ours.graders)}): start both with the "
        "same --course and --graders"
    )
