"""How a judge is set up, as a value that travels: to threads, processes and other machines."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.model import Walls


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """What a judge has to know before its first job.

    ``course`` is the folder of the course, and ``exercises`` are the ids of those that it may be
    asked about (all of the course's if empty). ``walls`` is what submissions run behind; without,
    they have the rights of the person who grades. ``secrets`` are paths that no submission may
    read, in addition to the course and to ``graders``, which are grader files beside the course's
    own. Where ``gpu`` is false, checks that need a GPU are deferred, even if this machine has one.
    ``slot`` picks the users that sandboxes run as, see :func:`autograder.sandbox.bubblewrap.user`.
    """

    course: Path
    exercises: tuple[str, ...] = ()
    walls: Walls = Walls.NAMESPACES
    secrets: tuple[Path, ...] = ()
    graders: tuple[Path, ...] = ()
    slot: int | None = None
    gpu: bool = True

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> JudgeSettings:
        """The inverse of :meth:`to_json`."""
        values: dict[str, Any] = json.loads(text)
        values["course"] = Path(values["course"])
        values["walls"] = Walls(values["walls"])
        values["exercises"] = tuple(values["exercises"])
        for name in ("secrets", "graders"):
            values[name] = tuple(map(Path, values[name]))
        return cls(**values)
