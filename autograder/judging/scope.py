"""What the sides of one check share: where workers come from, what was seen and measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograder.judging.hiding import Hiding
from autograder.judging.measured import Measured
from autograder.judging.peak import Peak
from autograder.judging.signs import Signs
from autograder.sandbox.protocols import WorkerSource
from autograder.sandbox.worker import Worker


@dataclass
class CheckScope:
    """One run of one check. Its workers live until :meth:`close`."""

    source: Callable[[str, str], WorkerSource]
    """``source(profile, role)``: where workers of a role come from."""
    seed: int
    workers: list[Worker] = field(default_factory=list)
    hiding: Hiding | None = None
    """Set in a hidden check: keeps the evidence, so that its messages can be covered."""
    given: Any = None
    """The evidence that came last from the submission."""
    measured: list[Measured] = field(default_factory=list)
    resting: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    """Memory of workers that hold nothing, by the module's text; see ``memory``."""
    peaks: dict[bytes, Peak] = field(default_factory=dict)
    """Peaks of trusted code, by what was called: shared by the checks of a judge."""
    signs: Signs = field(default_factory=Signs)
    tracing: bool = False
    """Whether answers to this exercise trace or profile what they are given."""

    def close(self) -> None:
        """End every worker."""
        while self.workers:
            self.workers.pop().close()
