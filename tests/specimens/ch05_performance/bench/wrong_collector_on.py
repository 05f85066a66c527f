# wrong: nobody switches the collector off  [test_collector]
import statistics
import time
from typing import NamedTuple


class Timing(NamedTuple):
    best: float
    median: float
    number: int


def bench(function, *, repeat=5, number=None, clock=time.perf_counter, sync=None):
    if min(repeat, 1 if number is None else number) < 1:
        raise ValueError("repeat and number must be at least 1")

    def run(calls):
        marks = []
        for step in (None, function, None):
            if step is None:
                if sync is not None:
                    sync()
                marks.append(clock())
            else:
                for _ in range(calls):
                    step()
        return marks[1] - marks[0]

    function()
    if number is None:
        number = next(n for e in range(40) for n in [2**e] if run(n) >= 0.2)
    runs = [run(number) for _ in range(repeat)]
    return Timing(min(runs) / number, statistics.median(runs) / number, number)
