# right: a generator yields the runs, heapq finds the median, an ExitStack switches the collector on
from __future__ import annotations

import contextlib
import gc
import heapq
import itertools
import time
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int

    def __str__(self) -> str:
        return f"{self.best:.3g} s (median {self.median:.3g} s, {self.number} calls)"


def _median(values):
    n = len(values)
    smallest = heapq.nsmallest(n // 2 + 1, values)
    return smallest[-1] if n % 2 else (smallest[-1] + smallest[-2]) / 2


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1:
        raise ValueError(f"repeat must be at least 1, got {repeat}")
    if number is not None and number < 1:
        raise ValueError(f"number must be at least 1, got {number}")
    wait = sync or (lambda: None)

    def runs(count):
        while True:
            calls = itertools.repeat(None, count)
            wait()
            began = clock()
            for _ in calls:
                function()
            wait()
            yield clock() - began

    with contextlib.ExitStack() as stack:
        if gc.isenabled():
            stack.callback(gc.enable)
        gc.disable()
        function()
        if number is None:
            number = 1
            while next(runs(number)) < 0.2:
                number *= 2
        times = list(itertools.islice(runs(number), repeat))
    return Timing(min(times) / number, _median(times) / number, number)
