# wrong: for real process pools wraps the function, which they cannot take  [test_works_with_processes]
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from itertools import islice


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"can't buffer {buffersize}")

    def generate():
        source, queue = iter(items), deque()
        try:
            while True:
                for item in islice(source, buffersize - len(queue)):
                    if isinstance(executor, ProcessPoolExecutor):
                        queue.append(executor.submit(lambda item=item: function(item)))
                    else:
                        queue.append(executor.submit(function, item))
                if not queue:
                    return
                yield queue.popleft().result()
        finally:
            for future in queue:
                future.cancel()

    return generate()
