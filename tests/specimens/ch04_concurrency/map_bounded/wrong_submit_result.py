# wrong: waits for each result before it submits the next  [test_calls_overlap]


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize should be positive, not {buffersize}")
    return (executor.submit(function, item).result() for item in items)
