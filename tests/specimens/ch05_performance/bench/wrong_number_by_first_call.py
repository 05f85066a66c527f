# wrong: the warm-up decides how many calls a run has  [test_finds_a_number]
import gc
import math
import statistics
import time
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1:
        raise ValueError(f"repeat {repeat}")
    if number is not None and number < 1:
        raise ValueError(f"number {number}")
    wait = sync if sync is not None else (lambda: None)

    def run(calls):
        wait()
        start = clock()
        for _ in range(calls):
            function()
        wait()
        return clock() - start

    enabled = gc.isenabled()
    gc.disable()
    try:
        first = run(1)
        if number is None:
            number = max(1, math.ceil(0.2 / first)) if first > 0 else 1000
        runs = [run(number) for _ in range(repeat)]
    finally:
        if enabled:
            gc.enable()
    return Timing(min(runs) / number, statistics.median(runs) / number, number)
