# wrong: forgets what is in the deque when the items end  [test_short_sources]
from collections import deque


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize: got {buffersize}")

    def generate():
        queue = deque()
        try:
            for item in items:
                queue.append(executor.submit(function, item))
                if len(queue) >= buffersize:
                    yield queue.popleft().result()
        finally:
            for future in queue:
                future.cancel()

    return generate()
