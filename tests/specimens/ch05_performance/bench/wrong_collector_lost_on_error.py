# wrong: an exception leaves the collector switched off  [test_errors]
import gc
import statistics
import time
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1 or (number is not None and number < 1):
        raise ValueError("below 1")

    def run(n):
        sync and sync()
        t0 = clock()
        for _ in range(n):
            function()
        sync and sync()
        t1 = clock()
        return t1 - t0

    function()
    was_on = gc.isenabled()
    gc.disable()
    n = number or 1
    while number is None and run(n) < 0.2:
        n *= 5
    times = [run(n) / n for _ in range(repeat)]
    if was_on:
        gc.enable()
    return Timing(min(times), statistics.median(times), n)
