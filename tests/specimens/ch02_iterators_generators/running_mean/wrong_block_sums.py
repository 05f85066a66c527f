# wrong: keeps a sum for every 64 values  [test_holds_no_list]
import math
from collections.abc import Iterable, Iterator


def running_mean(values: Iterable[float]) -> Iterator[float]:
    return _means(values)


def _means(values):
    total, lost, n = 0.0, 0.0, 0
    blocks: list[float] = []
    before = 0.0
    for value in values:
        n += 1
        y = float(value) - lost
        t = total + y
        lost = (t - total) - y
        total = t
        yield (before + total) / n
        if n % 64 == 0:
            blocks.append(total)
            before = before + total if n % 4096 else math.fsum(blocks)
            total = lost = 0.0
