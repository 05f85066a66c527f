"""Speed and memory, measured from the judge's side.

Speed: student and other side in workers of their own, interleaved pairs, every call a
batch of at least 10 ms, judged by the median of the paired wall ratios. In 180 trials of a
true 25-35x speed-up against a limit of 20x, with and without load, that rule failed none
wrongly, where one call per side failed 178 (``bench/`` repeats the comparison). What falls on
the wrong side of its limit is measured again, and then the time for which worker and judge
were ready to run and had no core is left out.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.measured import Measured
from autograder.memory import Peak, peak_memory
from autograder.sandbox.tree import run_and_delay
from autograder.sides import Side

__all__ = ["Measured", "Peak", "Speed", "compare_speed", "peak_memory", "quiet"]

PAIRS = 7
BATCH_SECONDS = 0.010
_MOST_PER_BATCH = 20_000

Inputs = Callable[[int], dict[str, Any]]
"""Makes the arguments of call number ``n``; each call gets inputs of its own."""


@dataclass(frozen=True, slots=True)
class Speed:
    """``ratio`` is the first side's time over the second's (below 1: the first is faster);
    ``first`` and ``second`` are median seconds a call."""

    ratio: float
    first: float
    second: float

    def __str__(self) -> str:
        return f"{self.ratio:.2f}x"


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """One timing measurement at a time on this machine, whatever else is being graded."""
    try:
        import fcntl
    except ImportError:  # Windows: a student's own machine, which grades nothing else
        yield
        return
    path = Path(tempfile.gettempdir(), f"kata-timing-{os.getuid()}.lock")
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def compare_speed(
    first: Side,
    second: Side,
    function: Callable[..., Any],
    inputs: Inputs,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    same: Callable[[Any, Any], bool] | None = None,
    pairs: int = PAIRS,
) -> Speed:
    """Time ``function`` on both sides; the ratio of ``first`` to ``second``.

    ``at_most`` or ``at_least`` is the limit that the caller will judge by: a measurement on
    the wrong side of it is repeated once, without what a busy machine adds. ``same`` is given
    each pair of outputs (first, second) and a False fails the check, so that a fast wrong answer
    earns nothing.
    """
    with quiet():
        speed = _measure(first, second, function, inputs, same, pairs)
        wrong = (at_most is not None and speed.ratio > at_most) or (
            at_least is not None and speed.ratio < at_least
        )
        if wrong:
            speed = _measure(first, second, function, inputs, same, pairs, alone=True)
    measured = Measured(
        "speed", (first.role, second.role), speed.first, speed.second, speed.ratio,
        at_most, at_least,
    )  # fmt: skip
    first.bench.measured.append(measured)
    return speed


def _measure(
    first: Side,
    second: Side,
    function: Callable[..., Any],
    inputs: Inputs,
    same: Callable[[Any, Any], bool] | None,
    pairs: int,
    alone: bool = False,
) -> Speed:
    from autograder.outcomes import CheckFailed

    sides = (first, second)
    counts = [_calibrate(side, function, inputs) for side in sides]
    # Equal batches where both are fast; otherwise each side gets a batch that lasts long enough.
    number = 1_000_000
    ratios, times = [], ([], [])  # type: ignore[var-annotated]
    for pair in range(pairs):
        per_call = [0.0, 0.0]
        shared = min(counts)
        outputs: list[list[Any]] = [[], []]
        order = (0, 1) if pair % 2 == 0 else (1, 0)
        batches = [inputs(number + i) for i in range(max(counts))]
        number += max(counts)
        for index in order:
            batch = batches[: counts[index]]
            outputs[index], seconds = _timed(sides[index], function, batch, alone)
            per_call[index] = seconds / len(batch)
        if same is not None:
            for mine, theirs in zip(outputs[0][:shared], outputs[1][:shared], strict=True):
                if not same(mine, theirs):
                    raise CheckFailed("While it was being timed, your code gave a wrong result.")
        for index in (0, 1):
            times[index].append(per_call[index])
        ratios.append(per_call[0] / per_call[1])
    medians = [statistics.median(t) for t in times]
    return Speed(statistics.median(ratios), medians[0], medians[1])


def _timed(
    side: Side, function: Callable[..., Any], batch: list[dict[str, Any]], alone: bool
) -> tuple[list[Any], float]:
    """Outputs and wall seconds of a batch; ``alone``: as if nobody else wanted a core.

    Never less than what the worker and its children ran in that time: a process that makes
    itself wait for its own children gains nothing.
    """
    if not alone:
        began = time.perf_counter()
        outputs = side.batch(function, batch)
        return outputs, time.perf_counter() - began
    pids = side.worker().pid, os.getpid()
    before = [run_and_delay(pid) for pid in pids]
    began = time.perf_counter()
    outputs = side.batch(function, batch)
    elapsed = time.perf_counter() - began
    after = [run_and_delay(pid) for pid in pids]
    waited = sum(a[1] - b[1] for a, b in zip(after, before, strict=True))
    ran = max(after[0][0] - before[0][0], elapsed / 1000)
    return outputs, min(elapsed, max(elapsed - waited, ran))


def _calibrate(side: Side, function: Callable[..., Any], inputs: Inputs) -> int:
    """How many calls last :data:`BATCH_SECONDS`; also warms the side up."""

    numbers = itertools.count(1)

    def timed(count: int) -> float:
        batch = [inputs(next(numbers)) for _ in range(count)]
        began = time.perf_counter()
        side.batch(function, batch)
        return time.perf_counter() - began

    count = 1
    while True:
        elapsed = timed(count)
        if BATCH_SECONDS <= elapsed < 10 * BATCH_SECONDS:
            # Once more: a worker that was kept waiting for a core has not done that much work.
            elapsed = min(elapsed, timed(count))
        if elapsed >= BATCH_SECONDS or count >= _MOST_PER_BATCH:
            return count
        count = min(_MOST_PER_BATCH, max(count * 2, int(count * 1.2 * BATCH_SECONDS / elapsed)))
