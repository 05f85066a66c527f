# right: one loop over the items that hands over when the deque is too long, then the rest
from collections import deque


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize is {buffersize}, but must be positive")

    def generate():
        queue = deque()
        try:
            for item in items:
                queue.append(executor.submit(function, item))
                if len(queue) > buffersize:
                    yield queue.popleft().result()
            while queue:
                yield queue.popleft().result()
        except BaseException:
            while queue:
                queue.pop().cancel()
            raise

    return generate()
