"""How a worker ends before it has answered, and what is our own fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class SandboxFault(Exception):
    """The sandbox itself failed: ours, never the student's."""


class Ending(Enum):
    """Why a worker cannot answer any more."""

    TIMED_OUT = "timed out"
    """The wall time of a request was up."""
    OUT_OF_CPU_TIME = "out of CPU time"
    OUT_OF_MEMORY = "out of memory"
    CRASHED = "crashed"
    """By a signal, or because its processes could not be held."""
    EXITED = "exited"
    """It left, or closed its connection."""
    MALFORMED = "malformed"
    """What it sent is no reply."""
    CLOSED = "closed"
    """By the judge, which needs it no more."""


@dataclass
class WorkerEnded(Exception):
    """The worker cannot answer any more.

    ``detail`` says what was seen: the limit that was reached, the name of a signal, what is wrong
    with a reply. ``frames`` are the student's frames at a timeout, as an exception's are sent
    (:func:`.inside.describing.describe`); none where they could not be seen.
    """

    ending: Ending
    detail: str = ""
    frames: list[list[Any]] = field(default_factory=list, compare=False)

    def __post_init__(self) -> None:
        super().__init__(self.ending.value, self.detail)
