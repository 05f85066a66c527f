"""A sequential test: measure on until it is sure on which side of a limit a ratio lies.

What comes in are logarithms of paired ratios over the limit: above 0 is the wrong side. After each
pair a one-sided Student t test asks whether their mean is

* below 0: then the answer is within its limit, at an error of :data:`PASS_ERROR` a look;
* above a margin: then it is over, at an error of :data:`FAIL_ERROR` a look. The margin is what a
  neighbour on the same core, cache or hypervisor can add on one side alone, however often one
  measures: :data:`MARGIN_QUIET` (a tenth), or :data:`MARGIN_BUSY` (a quarter).

Neither at the cap is no verdict, and the check passes. By Boole's inequality over at most 48
looks, an answer that is over by the whole margin fails wrongly at most once in 2 000, and a wrong
one that is just at its limit is called right at most 5 times in 1 000. Away from these edges
both rates fall with the exponential of the distance: ``tests/test_sequential.py`` draws them, and
``python -m bench rules`` measures them beside 0, 4 and 12 busy processes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

PASS_ERROR = 1e-4
FAIL_ERROR = 1e-5

MARGIN_QUIET = 0.1
MARGIN_BUSY = 0.25

LEAST = 3
MOST = 48
FAR = 0.5
"""Three ratios that are all this far within the limit (1.65x) need no test."""

_FLOOR = 0.01  # of the spread: a clock that repeats to less than that is a coincidence


def survival(t: float, freedom: int) -> float:
    """P(T > t) of Student's t with ``freedom`` degrees (Abramowitz and Stegun 26.7.3, 26.7.4)."""
    angle = math.atan(abs(t) / math.sqrt(freedom))
    square = math.cos(angle) ** 2
    term = total = 1.0 if freedom % 2 == 0 else math.cos(angle)
    start = 2 if freedom % 2 == 0 else 3
    for n in range(start, freedom - 1, 2):
        term *= square * (n - 1) / n
        total += term
    if freedom % 2 == 0:
        inside = math.sin(angle) * total
    else:
        inside = 2 / math.pi * (angle + (math.sin(angle) * total if freedom > 1 else 0.0))
    tail = max(0.0, (1 - inside) / 2)
    return tail if t >= 0 else 1 - tail


def _spread(values: list[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))


@dataclass
class Sequential:
    """The ratios so far and what they prove."""

    margin: float = MARGIN_QUIET
    most: int = MOST
    values: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        """One more ``log(ratio / limit)``."""
        self.values.append(value)

    @property
    def mean(self) -> float:
        """Mean of the logarithms."""
        return math.fsum(self.values) / len(self.values)

    @property
    def within(self) -> bool:
        """Whether it is sure that the limit is kept."""
        count = len(self.values)
        if count < LEAST:
            return False
        if count == LEAST and max(self.values) < -FAR:
            return True
        return survival(-self.mean / self._error(), count - 1) < PASS_ERROR

    @property
    def over(self) -> bool:
        """Whether it is sure that the limit is passed, by the margin at least."""
        count = len(self.values)
        if count < LEAST:
            return False
        return survival((self.mean - self.margin) / self._error(), count - 1) < FAIL_ERROR

    @property
    def ended(self) -> bool:
        """Whether another pair would be in vain."""
        return self.within or self.over or len(self.values) >= self.most

    def _error(self) -> float:
        """Standard error of the mean."""
        spread = max(_FLOOR, _spread(self.values))
        return spread / math.sqrt(len(self.values))
