# right: ten calls to warm up, growth by tens, sync and clock read by one lambda, a heap
import contextlib
import gc
import heapq
import time
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


class _Runs:
    def __init__(self, function, clock, sync):
        self.read = clock if sync is None else (lambda: (sync(), clock())[1])
        self.function = function

    def __getitem__(self, n):
        todo = [self.function] * n
        start = self.read()
        for call in todo:
            call()
        return self.read() - start


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1:
        raise ValueError(f"repeat: {repeat}")
    if number is not None and number < 1:
        raise ValueError(f"number: {number}")
    runs = _Runs(function, clock, sync)
    with contextlib.ExitStack() as after:
        if gc.isenabled():
            after.callback(gc.enable)
        gc.disable()
        for _ in range(10):
            function()
        if number is None:
            number = 1
            while runs[number] < 0.2:
                number *= 10
        times = [runs[number] for _ in range(repeat)]
    low = heapq.nsmallest(repeat // 2 + 1, times)
    median = low[-1] if repeat % 2 else (low[-1] + low[-2]) / 2
    return Timing(low[0] / number, median / number, number)
