# right: a stopwatch class, a context manager for the collector, growth by tens, median by hand
import contextlib
import gc
import time
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Timing:
    best: float
    median: float
    number: int
    runs: tuple = ()


@contextlib.contextmanager
def collector_off():
    was = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        (gc.enable if was else gc.disable)()


class Stopwatch:
    def __init__(self, function, clock, sync):
        self.function = function
        self.clock = clock
        self.sync = sync or (lambda: None)

    def read(self):
        self.sync()
        return self.clock()

    def run(self, number):
        began = self.read()
        todo = number
        while todo:
            self.function()
            todo -= 1
        return self.read() - began

    def enough(self):
        number = 1
        while True:
            if self.run(number) >= 0.2:
                return number
            number *= 10


def bench(function, *, repeat=5, number: Optional[int] = None, clock=None, sync=None):
    if repeat < 1 or (number is not None and number < 1):
        raise ValueError(f"repeat={repeat!r} and number={number!r} must both be 1 or more")
    watch = Stopwatch(function, clock or time.perf_counter, sync)
    with collector_off():
        for _ in range(3):
            function()
        count = watch.enough() if number is None else number
        per_call = sorted(watch.run(count) / count for _ in range(repeat))
    half = repeat // 2
    middle = per_call[half] if repeat % 2 else (per_call[half - 1] + per_call[half]) / 2
    return Timing(per_call[0], middle, count, tuple(per_call))
