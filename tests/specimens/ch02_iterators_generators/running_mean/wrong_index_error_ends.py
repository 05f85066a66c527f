# wrong: takes an IndexError of the source for its end  [test_one_value_for_each_mean]
from collections.abc import Iterable, Iterator


def running_mean(values: Iterable[float]) -> Iterator[float]:
    return _means(values)


def _means(values):
    total, lost, n = 0.0, 0.0, 0
    source = iter(values)
    while True:
        try:
            value = next(source)
        except (StopIteration, IndexError):
            return
        n += 1
        y = float(value) - lost
        t = total + y
        lost = (t - total) - y
        total = t
        yield total / n
