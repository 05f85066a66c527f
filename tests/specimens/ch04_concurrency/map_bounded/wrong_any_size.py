# wrong: takes a buffersize of 0 for 'no results'  [test_refuses_sizes_below_one]
from collections import deque
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    source, queue = iter(items), deque()
    try:
        while True:
            for item in islice(source, max(0, buffersize - len(queue))):
                queue.append(executor.submit(function, item))
            if not queue:
                return
            yield queue.popleft().result()
    finally:
        for future in queue:
            future.cancel()
