# wrong: takes one item more than buffersize allows  [test_looks_ahead_no_further]
from collections import deque
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize must not be {buffersize}")

    def generate():
        source, queue = iter(items), deque()
        try:
            while True:
                for item in islice(source, buffersize + 2 - len(queue)):
                    queue.append(executor.submit(function, item))
                if not queue:
                    break
                yield queue.popleft().result()
        finally:
            for future in queue:
                future.cancel()

    return generate()
