# right: plain and long: the collector is switched off and on again around each single run
import gc
import time
from statistics import median
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def one_run(function, number, clock, sync):
    collecting = gc.isenabled()
    if collecting:
        gc.disable()
    try:
        if sync:
            sync()
        start = clock()
        for _ in range(number):
            function()
        if sync:
            sync()
        stop = clock()
    finally:
        if collecting:
            gc.enable()
    return stop - start


def find_number(function, clock, sync):
    base = 1
    while True:
        for factor in (1, 2, 5):
            if one_run(function, base * factor, clock, sync) >= 0.2:
                return base * factor
        base *= 10


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1:
        raise ValueError(f"repeat: {repeat}")
    if number is None:
        function()
        number = find_number(function, clock, sync)
    elif number < 1:
        raise ValueError(f"number: {number}")
    else:
        function()
    times = []
    for _ in range(repeat):
        times.append(one_run(function, number, clock, sync))
    return Timing(number=number, best=min(times) / number, median=median(times) / number)
