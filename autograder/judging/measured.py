"""One measurement, as a result and a report may show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """``kind`` is ``speed`` (``first`` and ``second`` are seconds per call) or ``memory``
    (``first`` is bytes, there is no second). ``roles`` name whose they are; limits are on the
    ratio.

    ``runs`` is how often it was measured: pairs of batches, or workers. ``over`` says that the
    limit was passed, ``undecided`` that it could not be told (the check passes then), ``busy``
    that the machine was too busy to be left out of account.
    """

    kind: str
    roles: tuple[str, ...]
    first: float
    second: float = 0.0
    ratio: float = 0.0
    at_most: float | None = None
    at_least: float | None = None
    runs: int = 1
    over: bool = False
    undecided: bool = False
    busy: bool = False

    def note(self) -> str:
        """What has to be said of a verdict that rests on it; empty where there is nothing."""
        if not (self.over or self.undecided) or self.runs < 2:
            return ""
        times = f"Measured {self.runs} times"
        if self.busy:
            times += "; the machine was busy"
        return f"{times}." if self.over else f"{times}, and too close to the limit to fail it."
