"""Why some mutants may live: ``tests/mutants/<chapter>/<id>.toml``, written by a person.

[equivalent]    # nobody can tell it from the reference
"CountUp.__next__: `self.value >= self.limit` -> `self.value == self.limit`" = "it only …"

[accepted]      # differs, and still keeps the contract
"retry: `'delay'` -> `'delayXX'`" = "the wording of a message is the student's"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from autograder.outline import Course, Exercise, OutlineError


@dataclass(frozen=True, slots=True)
class Reasons:
    """Mutant's name to reason."""

    equivalent: dict[str, str] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)


def path(course: Course, exercise: Exercise) -> Path:
    """The file of an exercise."""
    return course.root / "tests" / "mutants" / exercise.chapter / f"{exercise.id}.toml"


def read(course: Course, exercise: Exercise) -> Reasons:
    """The reasons on record; raises ``OutlineError`` for a file that cannot be used."""
    file = path(course, exercise)
    if not file.is_file():
        return Reasons()
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OutlineError(f"{file}: {error}") from error
    unknown = sorted(set(data) - {"equivalent", "accepted"})
    if unknown:
        raise OutlineError(f"{file}: [{unknown[0]}] is not known; use [equivalent], [accepted]")
    for table in data.values():
        for name, reason in table.items():
            if not isinstance(reason, str) or not reason.strip():
                raise OutlineError(f"{file}: {name!r} needs a reason in words")
    return Reasons(data.get("equivalent", {}), data.get("accepted", {}))


def stale(reasons: Reasons, names: set[str]) -> list[str]:
    """Names on record that no mutant has any more."""
    return [n for n in (*reasons.equivalent, *reasons.accepted) if n not in names]
