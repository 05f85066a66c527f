# wrong: `if not number` takes a 0 for no number at all  [test_wrong_arguments]
import statistics
import time
import timeit
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat <= 0:
        raise ValueError(f"repeat must be positive, not {repeat}")
    if number and number < 0:
        raise ValueError(f"number must be positive, not {number}")

    def timer():
        if sync is not None:
            sync()
        return clock()

    stopwatch = timeit.Timer(function, timer=timer)
    stopwatch.timeit(number=1)
    if not number:
        number, _ = stopwatch.autorange()
    runs = sorted(stopwatch.repeat(repeat, number))
    return Timing(runs[0] / number, statistics.median(runs) / number, number)
