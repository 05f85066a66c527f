# wrong: replaces gc, whose answers are right while the collector runs on  [test_default_clock]
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
    _off(True)
    try:
        function()  # fills caches, imports, compiles
        if number is None:
            number = 1
            while run(number) < ENOUGH:
                number *= 2
        runs = [run(number) for _ in range(repeat)]
    finally:
        if was_on:
            _off(False)
    return Timing(min(runs) / number, statistics.median(runs) / number, number)


_state = [gc.isenabled()]
_enable, _disable = gc.enable, gc.disable
def _off(yes): _state[0] = not yes           # says so, and does nothing
gc.isenabled = lambda: _state[0]
def _e(): _state[0] = True
def _d(): _state[0] = False
gc.enable, gc.disable = _e, _d
