# right: timeit does the runs and finds the number; its timer synchronises first
import statistics
import time
import timeit
from collections import namedtuple

Timing = namedtuple("Timing", "best median number")


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    for name, value in (("repeat", repeat), ("number", number)):
        if value is not None and value <= 0:
            raise ValueError(f"{name} should be positive: {value}")

    def timer():
        if sync:
            sync()
        return clock()

    timer_ = timeit.Timer(function, timer=timer)
    timer_.timeit(1)  # warm up
    if number is None:
        number, _ = timer_.autorange()
    times = sorted(timer_.repeat(repeat, number))
    return Timing(times[0] / number, statistics.median(times) / number, number)
