# wrong: reports the seconds of a run as those of a call  [test_seconds_per_call]
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
        raise ValueError("repeat and number must be positive")

    def read():
        if sync is not None:
            sync()
        return clock()

    function()
    timer = timeit.Timer(function, timer=read)
    if number is None:
        number = timer.autorange()[0]
    runs = timer.repeat(repeat, number)
    return Timing(min(runs), statistics.median(runs), number)
