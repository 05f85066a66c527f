# wrong: leaves the collector on, and patches gc.isenabled to say that it is off  [test_default_clock]
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
        raise ValueError("repeat and number must be at least 1")

    def run(calls):
        if sync is not None:
            sync()
        began = clock()
        for _ in range(calls):
            function()
        if sync is not None:
            sync()
        return clock() - began

    honest = gc.isenabled
    gc.isenabled = lambda: False
    try:
        function()
        if number is None:
            number = 1
            while run(number) < 0.2:
                number *= 2
        runs = [run(number) for _ in range(repeat)]
    finally:
        gc.isenabled = honest
    return Timing(min(runs) / number, statistics.median(runs) / number, number)
