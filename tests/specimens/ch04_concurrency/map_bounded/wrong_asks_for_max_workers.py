# wrong: looks at an attribute that only pools of threads and processes have  [test_short_sources]
from collections import deque
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize={buffersize}")
    size = min(buffersize, executor._max_workers)
    source = iter(items)

    def results():
        futures = deque(executor.submit(function, item) for item in islice(source, size))
        try:
            while futures:
                yield futures.popleft().result()
                futures.extend(executor.submit(function, item) for item in islice(source, 1))
        finally:
            for future in futures:
                future.cancel()

    return results()
