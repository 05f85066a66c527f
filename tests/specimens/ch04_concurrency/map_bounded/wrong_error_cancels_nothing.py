# wrong: cancels on close() only, not when a call has raised  [test_error_cancels]
from collections import deque
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize ({buffersize}) under 1")
    return generate(executor, function, iter(items), buffersize)


def generate(executor, function, source, buffersize):
    queue = deque()
    try:
        while True:
            for item in islice(source, buffersize - len(queue)):
                queue.append(executor.submit(function, item))
            if not queue:
                return
            yield queue.popleft().result()
    except GeneratorExit:
        for future in queue:
            future.cancel()
        raise
