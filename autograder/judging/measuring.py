"""Speed, measured from the judge's side; see :mod:`autograder.judging.memory` for memory.

Student and other side have workers of their own and take turns, in random order, with batches of
at least 20 ms and of random length. After each pair a sequential test asks whether the verdict is
sure (:mod:`autograder.judging.sequential` has the rule and its error rates). Where it stays open,
batches get longer, and a ratio that cannot be told from its limit passes.
"""

from __future__ import annotations

import contextlib
import math
import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

from autograder.judging import locks, sequential, timing
from autograder.judging.measured import Measured
from autograder.judging.memory import peak_memory
from autograder.judging.outcomes import CheckFailed
from autograder.judging.peak import Peak
from autograder.judging.protocols import Evidence, Observation, Side
from autograder.judging.sequential import Sequential
from autograder.judging.timing import Batch

__all__ = ["Measured", "Peak", "Speed", "compare_speed", "peak_memory", "quiet"]

PAIRS = 7
"""Pairs of batches where no limit is given, and of each length where one is."""

BATCH_SECONDS = 0.020
LONGER = (1, 2, 4, 8)
"""Batches, or what a call waits for, get this many times as long while the verdict is open."""

MOST_PAIRS_WAITING = 24
"""Pairs of the last length, for calls that wait."""

BUSY = 0.1
"""Part of the time without a core from which on a machine is called busy."""

MOST_SECONDS, MOST_WAITING = 2.0, 60.0
"""Of work, or of waiting by the clock, for one side; after that, and :data:`ENOUGH` pairs, a
verdict that is open stays open."""

ENOUGH = 14

_LONG = 0.1  # seconds; a longer batch of work repeats no better
_MOST_PER_BATCH = 20_000
_SPREAD = 0.25  # of the length of a batch: nobody inside can count down to the last one
_chance = random.SystemRandom()  # the worker knows the seed of its check

Inputs = Callable[..., dict[str, Any]]
"""Makes the arguments of call number ``n``; each call gets inputs of its own, which cannot be
computed from earlier ones. Where calls wait, it takes ``longer``, by which to multiply that."""


@dataclass(frozen=True, slots=True)
class Speed:
    """``ratio`` is the first side's time over the second's (below 1: the first is faster);
    ``first`` and ``second`` are median seconds per call. A ratio that could not be told from its
    limit is that limit."""

    ratio: float
    first: float
    second: float

    def __str__(self) -> str:
        return f"{self.ratio:.2f}x"


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """One timing measurement at a time on this machine, whatever else is being graded."""
    with locks.timing():
        yield


class SpeedOptions(TypedDict, total=False):
    """What else :func:`compare_speed` takes."""

    at_most: float | None
    at_least: float | None
    same: Callable[[Evidence, Evidence], bool] | None
    waits: bool


@dataclass(frozen=True, slots=True)
class _Question:
    """The same with its defaults."""

    at_most: float | None = None
    at_least: float | None = None
    same: Callable[[Evidence, Evidence], bool] | None = None
    waits: bool = False

    @property
    def limit(self) -> float | None:
        """The ratio to judge by, if there is one."""
        return self.at_most if self.at_most is not None else self.at_least

    @property
    def sign(self) -> int:
        """1 where ratios above the limit are wrong, -1 where those below are."""
        return 1 if self.at_most is not None else -1


def compare_speed(
    first: Side,
    second: Side,
    function: Observation,
    inputs: Inputs,
    **options: Unpack[SpeedOptions],
) -> Speed:
    """Time ``function`` on both sides; the ratio of ``first`` to ``second``.

    ``at_most`` or ``at_least`` is the limit that the caller judges by: it is measured until the
    verdict is sure. ``same`` is given each pair of outputs (first, second) and a False
    fails the check, so that a fast wrong answer earns nothing. ``waits`` is for calls that sleep
    or wait rather than compute: the clock counts, and ``inputs(n, longer=2)`` makes them wait for
    twice as long. Raises :class:`~autograder.judging.outcomes.CheckFailed` for a wrong output.
    """
    question = _Question(**options)
    with quiet():
        speed, measured = _decide(_Pairs((first, second), function, inputs, question), question)
    first.scope.measured.append(measured)
    return speed


def _decide(pairs: _Pairs, question: _Question) -> tuple[Speed, Measured]:
    """Measure until it is sure, or until the last length of batches has had its pairs."""
    test = Sequential()
    for longer in LONGER:
        if question.waits:
            # Pairs that waited less long say something else.
            test = Sequential(most=MOST_PAIRS_WAITING)
            pairs.forget()
        pairs.lengthen(longer)
        _measure_at(longer, pairs, test, question)
        if question.limit is None or test.within or test.over or pairs.spent:
            break
    return _answer(pairs, test, question)


def _measure_at(longer: int, pairs: _Pairs, test: Sequential, question: _Question) -> None:
    """Measure batches of one length until the test ends, or until they have had their share."""
    last = longer == LONGER[-1]
    while not (test.ended or pairs.spent):
        pairs.measure()
        if question.limit is None:
            if len(pairs.batches[0]) == PAIRS:
                break
            continue
        # The longer a call waits, the less it is in the way that it gets its core late.
        steady = not pairs.busy or (question.waits and longer > 2)
        test.margin = sequential.MARGIN_QUIET if steady else sequential.MARGIN_BUSY
        test.values = [question.sign * math.log(ratio / question.limit) for ratio in pairs.ratios]
        if not last and len(test.values) >= PAIRS * (1 if question.waits else longer):
            break


def _answer(pairs: _Pairs, test: Sequential, question: _Question) -> tuple[Speed, Measured]:
    """What came of the measurement; a ratio that cannot be told from its limit is that limit."""
    first, second = (statistics.median(side) for side in pairs.seconds)
    ratio = math.exp(statistics.fmean(map(math.log, pairs.ratios)))
    limit, over = question.limit, question.limit is not None and test.over
    told = ratio
    if limit is not None and not over:
        told = min(ratio, limit) if question.sign > 0 else max(ratio, limit)
    measured = Measured(
        "speed",
        pairs.roles,
        first,
        second,
        ratio,
        question.at_most,
        question.at_least,
        runs=pairs.count,
        over=over,
        undecided=limit is not None and not over and not test.within,
        busy=pairs.busy,
    )
    return Speed(told, first, second), measured


class _Pairs:
    """Two sides that take turns, and what their batches took."""

    def __init__(
        self, sides: tuple[Side, Side], function: Observation, inputs: Inputs, question: _Question
    ) -> None:
        self.sides, self.function, self.inputs = sides, function, inputs
        self.same, self.waits = question.same, question.waits
        self.roles = (sides[0].role, sides[1].role)
        self.batches: tuple[list[Batch], list[Batch]] = ([], [])
        self.count, self._next, self._longer = 0, 1, 1
        self._delayed: list[Batch] = []
        self._totals = [0.0, 0.0]
        self._calls = [self._calibrate(side) for side in self.sides]

    def forget(self) -> None:
        """Start over with the ratios; how busy the machine was stays known."""
        self.batches = ([], [])

    def lengthen(self, longer: int) -> None:
        """Make batches, or what calls wait for, ``longer`` times as long as at first."""
        self._longer = longer

    def _arguments(self, count: int) -> list[dict[str, Any]]:
        options = {"longer": self._longer} if self.waits else {}
        numbers = range(self._next, self._next + count)
        self._next += count
        return [self.inputs(number, **options) for number in numbers]

    def _calibrate(self, side: Side) -> int:
        """How many calls last :data:`BATCH_SECONDS`; also warms the side up."""
        count = 1
        while True:
            took = self._took(side, count)
            if took >= BATCH_SECONDS and not self.waits:
                # Once more: a worker that was kept waiting for a core has not done that much work,
                # and what a request costs by itself would be all that is seen of a short batch.
                took = min(took, self._took(side, count))
            if took >= BATCH_SECONDS or count >= _MOST_PER_BATCH:
                return count
            count = min(_MOST_PER_BATCH, max(count * 2, int(count * 1.2 * BATCH_SECONDS / took)))

    def _took(self, side: Side, count: int) -> float:
        _, batch = timing.timed(side, self.function, self._arguments(count))
        if self.waits or batch.ran > BATCH_SECONDS:
            return batch.wall if self.waits else batch.ran
        # Work says how long a batch is, unless there is next to none beside the waiting.
        return batch.worked if batch.idle > 10 * batch.ran else batch.ran

    def measure(self) -> None:
        """One batch on each side."""
        times = 1 if self.waits else self._longer
        more = 1 + _SPREAD * _chance.random()
        counts = [int(self._lengthened(n, times) * more) for n in (0, 1)]
        arguments = self._arguments(max(counts))
        outputs: list[list[Evidence]] = [[], []]
        for index in _chance.sample((0, 1), 2):
            batch = arguments[: counts[index]]
            outputs[index], took = timing.timed(self.sides[index], self.function, batch)
            self.batches[index].append(took)
            self._delayed.append(took)
            self._totals[index] += took.wall if self.waits else took.worked
        self.count += 1
        if self.same is not None:
            for mine, theirs in zip(*outputs, strict=False):  # as many as the shorter one has
                if not self.same(mine, theirs):
                    raise CheckFailed("While it was being timed, your code gave a wrong result.")

    def _lengthened(self, index: int, times: int) -> int:
        calls = self._calls[index]
        if times == 1:
            return calls
        return max(calls, min(calls * times, round(_LONG / self.batches[index][-1].worked * calls)))

    @property
    def spent(self) -> bool:
        """Whether one side has had all the time that a measurement may take."""
        most = MOST_WAITING if self.waits else MOST_SECONDS
        return len(self.batches[0]) >= ENOUGH and any(total > most for total in self._totals)

    @property
    def seconds(self) -> list[list[float]]:
        """Seconds a call, for each side and batch."""
        return [timing.per_call(batches, self.waits) for batches in self.batches]

    @property
    def ratios(self) -> list[float]:
        """First over second, pair by pair."""
        return [a / b for a, b in zip(*self.seconds, strict=True)]

    @property
    def busy(self) -> bool:
        """Whether worker and judge had to wait for a core."""
        return timing.share_delayed(self._delayed) > BUSY
