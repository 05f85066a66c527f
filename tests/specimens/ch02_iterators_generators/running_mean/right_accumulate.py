# right: a generator expression over itertools.accumulate
from itertools import accumulate


def running_mean(values):
    return (total / count for count, total in enumerate(accumulate(values), start=1))
