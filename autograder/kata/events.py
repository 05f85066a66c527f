"""What can happen while ``kata watch`` runs."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.kata.checking import Checked
from autograder.outline import Exercise


@dataclass(frozen=True, slots=True)
class Saved:
    """The file of an exercise was written, or may have been."""

    exercise: Exercise


@dataclass(frozen=True, slots=True)
class Finished:
    """The run called ``number`` has ended."""

    number: int
    checked: Checked


@dataclass(frozen=True, slots=True)
class Broken:
    """The run called ``number`` has failed through a fault of ours."""

    number: int
    error: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The exercises cannot be watched any more, or not for now."""

    error: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key was pressed: ``h``, ``\\n`` and the like."""

    key: str


Event = Saved | Finished | Broken | Lost | Pressed
