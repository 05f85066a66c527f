# wrong: switches the collector on afterwards, also where it had been off  [test_collector]
import contextlib
import gc
import statistics
import time
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


@contextlib.contextmanager
def no_collector():
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1 or (number is not None and number < 1):
        raise ValueError(f"repeat={repeat!r}, number={number!r}")

    def now():
        if sync is not None:
            sync()
        return clock()

    def run(calls):
        began = now()
        for _ in range(calls):
            function()
        return now() - began

    with no_collector():
        function()
        if number is None:
            number = 1
            while run(number) < 0.2:
                number *= 3
        runs = [run(number) for _ in range(repeat)]
    return Timing(min(runs) / number, statistics.median(runs) / number, number)
