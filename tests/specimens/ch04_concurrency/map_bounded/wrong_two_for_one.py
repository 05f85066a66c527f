# wrong: submits two for each result, so that the look-ahead grows  [test_looks_ahead_no_further]
from collections import deque
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"no buffersize of {buffersize}")

    def generate():
        source = iter(items)
        queue = deque(executor.submit(function, item) for item in islice(source, buffersize))
        try:
            while queue:
                result = queue.popleft().result()
                queue.extend(executor.submit(function, item) for item in islice(source, 2))
                yield result
        finally:
            for future in queue:
                future.cancel()

    return generate()
