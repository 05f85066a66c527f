# wrong: the default is the clock on the wall  [test_default_clock]
import statistics
import time
import timeit
from dataclasses import dataclass


@dataclass
class Timing:
    best: float
    median: float
    number: int


def bench(function, *, repeat=5, number=None, clock=time.time, sync=lambda: None):
    if repeat < 1:
        raise ValueError(f"repeat must be positive: {repeat}")
    if number is not None and number < 1:
        raise ValueError(f"number must be positive: {number}")
    timer = timeit.Timer(function, timer=lambda: (sync(), clock())[1])
    timer.timeit(1)
    number = number or timer.autorange()[0]
    runs = [seconds / number for seconds in timer.repeat(repeat, number)]
    return Timing(min(runs), statistics.median(runs), number)
