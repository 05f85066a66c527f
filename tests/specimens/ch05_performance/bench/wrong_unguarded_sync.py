# wrong: the collector is off when sync() is waited for, and the `try` begins later  [test_errors]
import gc
import time
from statistics import median
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1 or (number is not None and number < 1):
        raise ValueError(f"repeat={repeat}, number={number}")
    wait = sync or (lambda: None)

    def run(calls):
        was_on = gc.isenabled()
        gc.disable()
        wait()
        start = clock()
        try:
            for _ in range(calls):
                function()
            wait()
            return clock() - start
        finally:
            if was_on:
                gc.enable()

    function()
    if number is None:
        number = 1
        while run(number) < 0.2:
            number *= 2
    times = [run(number) for _ in range(repeat)]
    return Timing(min(times) / number, median(times) / number, number)
