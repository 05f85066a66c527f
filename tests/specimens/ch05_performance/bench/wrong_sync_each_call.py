# wrong: waits for the device after each call, so that nothing overlaps  [test_sync]
import statistics
import time
import timeit
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1 or (number is not None and number < 1):
        raise ValueError("repeat and number start at 1")
    work = function
    if sync is not None:

        def work():
            function()
            sync()

    timer = timeit.Timer(work, timer=clock)
    work()
    if number is None:
        number, _ = timer.autorange()
    runs = timer.repeat(repeat, number)
    return Timing(min(runs) / number, statistics.median(runs) / number, number)
