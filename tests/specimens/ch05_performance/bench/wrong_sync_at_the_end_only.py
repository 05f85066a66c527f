# wrong: waits for the device before the clock is stopped, not before it is started  [test_sync]
import gc
import statistics
import time
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def measured(function, calls, clock, sync):
    began = clock()
    for _ in range(calls):
        function()
    if sync is not None:
        sync()
    return clock() - began


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1:
        raise ValueError(f"repeat: {repeat!r}")
    if number is not None and number < 1:
        raise ValueError(f"number: {number!r}")
    on = gc.isenabled()
    try:
        gc.disable()
        function()
        if number is None:
            number = 1
            while measured(function, number, clock, sync) < 0.2:
                number += number
        times = [measured(function, number, clock, sync) for _ in range(repeat)]
    finally:
        if on:
            gc.enable()
    return Timing(min(times) / number, statistics.median(times) / number, number)
