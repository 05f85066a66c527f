"""What is to be reached, and whether a measured figure reaches it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """``measured`` against ``limit``; ``at_least`` says which side of the limit is good."""

    what: str
    measured: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def as_dict(self) -> dict[str, Any]:
        """The target as it stands in the results file."""
        return asdict(self) | {"met": self.met}
