# wrong: yields a call's exception as if it were its result  [test_error_cancels]
from collections import deque
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"wrong buffersize {buffersize}")

    def generate():
        source, queue = iter(items), deque()
        try:
            while True:
                for item in islice(source, buffersize - len(queue)):
                    queue.append(executor.submit(function, item))
                if not queue:
                    return
                future = queue.popleft()
                yield future.exception() or future.result()
        finally:
            for future in queue:
                future.cancel()

    return generate()
