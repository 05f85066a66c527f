# wrong: cancels by shutting the caller's executor down  [test_close_cancels]
from collections import deque
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize of {buffersize}?")

    def generate():
        source, queue = iter(items), deque()
        try:
            while True:
                for item in islice(source, buffersize - len(queue)):
                    queue.append(executor.submit(function, item))
                if not queue:
                    return
                yield queue.popleft().result()
        finally:
            if queue:
                executor.shutdown(wait=False, cancel_futures=True)

    return generate()
