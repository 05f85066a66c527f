# right: one reading ends a run and begins the next, the warm-up is timed and dropped, and the
# number is reckoned from the last run that was too short; collection is stopped by its threshold
import gc
import itertools
import math
import time
from types import SimpleNamespace

import numpy as np


def _mark(clock, sync):
    if sync is not None:
        sync()
    return clock()


def _runs(function, number, count, clock, sync):
    marks = [_mark(clock, sync)]
    for _ in range(count):
        for _ in itertools.repeat(None, number):
            function()
        marks.append(_mark(clock, sync))
    return np.diff(marks)


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1:
        raise ValueError("repeat < 1")
    if number is not None:
        if number < 1:
            raise ValueError("number < 1")
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        _runs(function, 1, 1, clock, sync)
        if number is None:
            number = 1
            while (seconds := _runs(function, number, 1, clock, sync)[0]) < 0.2:
                guess = math.ceil(number * 0.3 / seconds) if seconds > 0 else 10 * number
                number = min(max(guess, number + 1), 8 * number)
        runs = _runs(function, number, repeat, clock, sync) / number
    finally:
        gc.set_threshold(*before)
    return SimpleNamespace(best=runs.min(), median=np.median(runs), number=number)
