# right: the loop is compiled from text for each number, numpy for the median; grows by an estimate within the bounds
import collections
import gc
import math
import time

import numpy as np

Timing = collections.namedtuple("Timing", "best median number")


def _loop(number):
    names = {}
    exec(
        "def loop(function, clock, sync):\n"
        "    sync()\n"
        "    a = clock()\n"
        f"    for _ in range({number}):\n"
        "        function()\n"
        "    sync()\n"
        "    return clock() - a\n",
        names,
    )
    return names["loop"]


def _nothing():
    pass


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if repeat < 1 or (number is not None and number < 1):
        raise ValueError(f"repeat={repeat}, number={number}: both must be at least 1")
    sync = _nothing if sync is None else sync
    for _ in range(2):
        function()
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        if number is None:
            number = 1
            while (took := _loop(number)(function, clock, sync)) < 0.2:
                wanted = 8 if took <= 0 else math.ceil(0.25 / took)
                number *= min(8, max(2, wanted))
        loop = _loop(number)
        times = np.array([loop(function, clock, sync) for _ in range(repeat)])
    finally:
        if was_on:
            gc.enable()
    return Timing(float(times.min() / number), float(np.median(times) / number), number)
