# right: a coroutine is sent each value and answers with the mean
from itertools import count


def _averager():
    total, mean = 0.0, None
    for n in count(1):
        total += yield mean
        mean = total / n


def running_mean(values):
    averager = _averager()
    averager.send(None)
    for value in values:
        yield averager.send(value)
