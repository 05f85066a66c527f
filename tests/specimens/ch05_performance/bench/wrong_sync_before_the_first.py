# wrong: before a run it waits for the device only once, ahead of the first  [test_sync]
import gc
import statistics
import time
from collections import namedtuple

Timing = namedtuple("Timing", "best median number")


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1:
        raise ValueError(f"repeat must be at least 1, got {repeat}")
    if number is not None and number < 1:
        raise ValueError(f"number must be at least 1, got {number}")

    def run(n):
        start = clock()
        for _ in range(n):
            function()
        if sync:
            sync()
        return clock() - start

    was_on = gc.isenabled()
    gc.disable()
    try:
        function()
        if sync:
            sync()
        if number is None:
            number = 1
            while run(number) < 0.2:
                number *= 2
        times = []
        for _ in range(repeat):
            gc.collect()
            times.append(run(number) / number)
    finally:
        if was_on:
            gc.enable()
    return Timing(min(times), statistics.median(times), number)
