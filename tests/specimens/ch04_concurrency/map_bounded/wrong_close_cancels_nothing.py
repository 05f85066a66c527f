# wrong: cancels when a call has raised, and not on close()  [test_close_cancels]
from collections import deque
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"{buffersize} is too small")

    def generate():
        source, queue = iter(items), deque()
        while True:
            queue.extend(
                executor.submit(function, item) for item in islice(source, buffersize - len(queue))
            )
            if not queue:
                return
            try:
                result = queue.popleft().result()
            except Exception:
                for future in queue:
                    future.cancel()
                raise
            yield result

    return generate()
