"""What ``@check`` says of a check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """What ``@check`` says of a check; see :func:`autograder.judging.checks.check`."""

    points: float
    public: bool
    hint: str
    needs: tuple[str, ...]
    kind: str
