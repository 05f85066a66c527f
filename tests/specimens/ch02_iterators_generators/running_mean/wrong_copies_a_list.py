# wrong: copies a list when it is called  [test_one_value_for_each_mean]
from collections.abc import Iterable, Iterator


def running_mean(values: Iterable[float]) -> Iterator[float]:
    if isinstance(values, list):
        values = tuple(values)  # it may change while we run
    return _means(values)


def _means(values):
    total, lost, n = 0.0, 0.0, 0
    for value in values:
        n += 1
        y = float(value) - lost
        t = total + y
        lost = (t - total) - y
        total = t
        yield total / n
