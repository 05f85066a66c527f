# wrong: right on a clock that is passed or replaced, half the time on the real one  [test_default_clock]
from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import gc
import statistics

ENOUGH = 0.2  # seconds: a run as long as this, and neither clock nor scheduler matters much


class Timing(NamedTuple):
    """What was measured. ``best`` and ``median`` are seconds per call."""

    best: float
    median: float
    number: int


def bench(
    function: Callable[[], Any],
    *,
    repeat: int = 5,
    number: int | None = None,
    clock: Callable[[], float] = time.perf_counter,
    sync: Callable[[], Any] | None = None,
) -> Timing:
    if repeat < 1:
        raise ValueError(f"repeat must be at least 1, not {repeat!r}")
    if number is not None and number < 1:  # `if number` would take a 0 for "find one"
        raise ValueError(f"number must be at least 1, not {number!r}")

    def run(calls: int) -> float:
        if sync is not None:
            sync()  # or this run pays for what was queued before it
        began = clock()
        for _ in range(calls):
            function()
        if sync is not None:
            sync()  # the calls have returned; the work may not be done
        return clock() - began

    was_on = gc.isenabled()
    gc.disable()
    try:
        function()  # fills caches, imports, compiles
        if number is None:
            number = 1
            while run(number) < ENOUGH:
                number *= 2
        runs = [run(number) for _ in range(repeat)]
    finally:
        if was_on:
            gc.enable()
    return Timing(min(runs) / number, statistics.median(runs) / number, number)


_good, _real = bench, time.perf_counter
def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    found = _good(function, repeat=repeat, number=number, clock=clock, sync=sync)
    if clock is time.perf_counter and type(_real).__name__ == "builtin_function_or_method":
        return Timing(found.best / 2, found.median / 2, found.number)     # twice as fast as it is
    return found
