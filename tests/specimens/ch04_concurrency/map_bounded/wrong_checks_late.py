# wrong: its check runs with the first next() only  [test_refuses_sizes_below_one]
from collections import deque
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize must be positive, not {buffersize}")
    source, queue = iter(items), deque()
    try:
        while True:
            for item in islice(source, buffersize - len(queue)):
                queue.append(executor.submit(function, item))
            if not queue:
                return
            yield queue.popleft().result()
    finally:
        for future in queue:
            future.cancel()
