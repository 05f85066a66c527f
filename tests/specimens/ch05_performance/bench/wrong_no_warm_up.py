# wrong: the first call is part of the first run  [test_warm_up]
import gc
import statistics
import time
from collections import namedtuple

Timing = namedtuple("Timing", ["best", "median", "number"])


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1 or (number is not None and number < 1):
        raise ValueError(f"at least 1, please: repeat={repeat}, number={number}")

    def reading():
        if sync is not None:
            sync()
        return clock()

    def seconds(calls):
        start = reading()
        for _ in range(calls):
            function()
        return reading() - start

    enabled = gc.isenabled()
    gc.disable()
    try:
        if number is None:
            number = 1
            while seconds(number) < 0.2:
                number *= 2
        runs = sorted(seconds(number) for _ in range(repeat))
    finally:
        if enabled:
            gc.enable()
    return Timing(runs[0] / number, statistics.median(runs) / number, number)
