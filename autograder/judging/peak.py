"""A peak of memory, and what settles it: a fail is measured again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.sandbox.inside import wire

MOST_RUNS = 3
"""Measurements in workers of their own before a check fails by its memory."""


@dataclass(frozen=True, slots=True)
class Peak:
    """``bytes`` that count while the observation ran, and its evidence in ``value``.

    ``growth`` is the part that the call added; ``runs`` says how often it was measured.
    """

    bytes: int
    value: Any
    growth: int = 0
    runs: int = 1
    _again: Callable[[], Peak] | None = field(default=None, repr=False, compare=False)
    _told: Callable[[Peak, float], None] | None = field(default=None, repr=False, compare=False)

    @property
    def megabytes(self) -> float:
        """``bytes`` in MB (10^6)."""
        return self.bytes / 1e6

    def settled(self, allowed: float) -> Peak:
        """The same peak, measured again in fresh workers where it is above ``allowed`` bytes.

        Two of three measurements decide: one above the limit does not decide, and
        neither does one below it after one above. A repeat that gives other evidence proves nothing
        and counts as the first did.
        """
        peaks = [self]
        while sum(p.bytes > allowed for p in peaks) == 1 and len(peaks) < MOST_RUNS:
            if self._again is None:
                break
            peak = self._again()
            peaks.append(peak if _alike(peak.value, self.value) else self)
        over = sorted(peaks, key=lambda p: p.bytes)[len(peaks) // 2]
        peak = replace(self, bytes=over.bytes, growth=over.growth, runs=len(peaks))
        if self._told is not None:
            self._told(peak, allowed)
        return peak


def _alike(value: Any, other: Any) -> bool:
    try:
        return wire.encode({"value": value}) == wire.encode({"value": other})
    except Exception:  # what came over the wire goes back over it; if not, it proves nothing
        return False
