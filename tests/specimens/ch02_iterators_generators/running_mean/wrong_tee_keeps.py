# wrong: a second copy of the stream, never read, keeps every value  [test_holds_no_list]
import itertools


def running_mean(values):
    summed, counted = itertools.tee(values)
    for count, total in enumerate(itertools.accumulate(summed), 1):
        yield total / count
    assert sum(1 for _ in counted) >= 0
