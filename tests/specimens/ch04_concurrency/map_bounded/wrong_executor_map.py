# wrong: Executor.map, which takes every item at the call  [test_looks_ahead_no_further]


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize {buffersize}")
    return executor.map(function, items)
