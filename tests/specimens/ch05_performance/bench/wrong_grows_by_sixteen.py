# wrong: the number grows by 16 at once  [test_finds_a_number]
import gc
import itertools
import statistics
import time
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1:
        raise ValueError("repeat must be at least 1")
    if number is not None and number < 1:
        raise ValueError("number must be at least 1")

    def run(count):
        if sync is not None:
            sync()
        begin = clock()
        for _ in itertools.repeat(None, count):
            function()
        if sync is not None:
            sync()
        return clock() - begin

    was_on = gc.isenabled()
    function()
    gc.disable()
    try:
        if number is None:
            number = 1
            while run(number) < 0.2:
                number *= 16
        times = [run(number) for _ in range(repeat)]
    finally:
        if was_on:
            gc.enable()
    return Timing(min(times) / number, statistics.median(times) / number, number)
