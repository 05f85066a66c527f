# wrong: one total for everything, so that all it can report is the mean  [test_seconds_per_call]
import gc
import time
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def _total(function, calls, clock, sync):
    sync()
    began = clock()
    for _ in range(calls):
        function()
    sync()
    return clock() - began


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1 or (number is not None and number < 1):
        raise ValueError(f"repeat {repeat!r}, number {number!r}")
    sync = sync or int
    was_on = gc.isenabled()
    gc.disable()
    try:
        function()
        if number is None:
            number = 1
            while _total(function, number, clock, sync) < 0.2:
                number *= 2
        runs = [_total(function, number, clock, sync) for _ in range(repeat)]
    finally:
        if was_on:
            gc.enable()
    mean = sum(runs) / repeat / number
    return Timing(mean, mean, number)
