"""How often the sequential test decides wrongly, over noise as it was recorded and as it may be.

Nothing here looks at a clock: the noise is drawn. Its models are those of the checks of the course
on two cores: ratios of CPU time spread by 2 % on a quiet machine, and by 8 and 13 % beside 4 and
12 busy processes, with outliers of up to a factor of two and spells that shift all of them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest

from autograder.judging.sequential import (
    FAIL_ERROR,
    MARGIN_BUSY,
    MARGIN_QUIET,
    Sequential,
    survival,
)

Noise = Callable[[random.Random], Callable[[], float]]
"""Makes the errors of one measurement's pairs, as logarithms."""


def plain(spread: float, shift: float = 0.0, outliers: float = 0.0) -> Noise:
    """Normal errors of ``spread``; one measurement is off by ``shift`` at most, all of it, and a
    part of the pairs, ``outliers``, by a factor of up to two either way."""

    def measurement(chance: random.Random) -> Callable[[], float]:
        off = chance.uniform(-shift, shift)

        def error() -> float:
            far = chance.uniform(-0.7, 0.7) if chance.random() < outliers else 0.0
            return off + chance.gauss(0, spread) + far

        return error

    return measurement


LOADS = {
    0: (plain(0.02, 0.02, 0.05), MARGIN_QUIET),
    4: (plain(0.08, 0.05, 0.05), MARGIN_BUSY),
    12: (plain(0.13, 0.10, 0.10), MARGIN_BUSY),
}


def decide(ratio: float, noise: Noise, margin: float, chance: random.Random) -> Sequential:
    """One measurement of a ``ratio`` over its limit."""
    test, error = Sequential(margin), noise(chance)
    while not test.ended:
        test.add(math.log(ratio) + error())
    return test


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("ratio", [0.5, 0.9, 1.0])
def test_a_right_answer_does_not_fail(load: int, ratio: float) -> None:
    chance = random.Random(load)
    failed = sum(decide(ratio, *LOADS[load], chance).over for _ in range(250))
    assert failed == 0


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("ratio", [1.75, 2.5, 12.0])
def test_a_wrong_answer_hardly_ever_passes(load: int, ratio: float) -> None:
    """The wrong specimens lie 1.75x to 20x beyond their limits."""
    chance = random.Random(load)
    passed = sum(not decide(ratio, *LOADS[load], chance).over for _ in range(250))
    assert passed <= (0 if load < 12 or ratio > 1.75 else 2)


def test_at_the_limit_it_is_said_that_it_is_open() -> None:
    chance = random.Random(5)
    found = [decide(1.0, plain(0.1), MARGIN_BUSY, chance) for _ in range(200)]
    assert sum(test.within for test in found) <= 4
    assert not any(test.over for test in found)


@pytest.mark.parametrize(
    ("ratio", "load", "most"), [(0.5, 0, 3), (0.75, 0, 5), (0.5, 12, 12), (12.0, 0, 6)]
)
def test_what_is_clear_takes_few_pairs(ratio: float, load: int, most: int) -> None:
    chance = random.Random(6)
    counts = sorted(len(decide(ratio, *LOADS[load], chance).values) for _ in range(301))
    assert counts[150] <= most


def test_two_pairs_are_never_enough() -> None:
    test = Sequential()
    for value in (2.0, 2.0):
        test.add(value)
        assert not test.ended


def test_equal_ratios_are_no_proof_of_their_own() -> None:
    """A clock that happens to give the same number three times has not become exact."""
    test = Sequential(values=[-0.02] * 3)
    assert not test.within


@pytest.mark.parametrize(
    ("t", "freedom", "tail"),
    [(12.706, 1, 0.025), (2.776, 4, 0.025), (13.034, 4, 1e-4), (2.228, 10, 0.025), (0.0, 7, 0.5)],
)
def test_tails_of_student_t(t: float, freedom: int, tail: float) -> None:
    assert survival(t, freedom) == pytest.approx(tail, rel=2e-3)
    assert survival(-t, freedom) == pytest.approx(1 - tail, rel=2e-3)


def test_the_tail_is_exact_where_a_fail_is_decided() -> None:
    assert survival(8.907, 8) == pytest.approx(FAIL_ERROR, rel=0.02)
