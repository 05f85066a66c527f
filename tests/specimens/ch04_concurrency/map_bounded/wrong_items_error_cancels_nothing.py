# wrong: cancels after close() or a call's error, not the items' own  [test_error_of_the_items]
from collections import deque


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize must be at least 1, got {buffersize}")
    return _run(executor, function, iter(items), buffersize)


def _run(executor, function, it, buffersize):
    pending = deque()
    while True:
        while len(pending) < buffersize:
            try:
                x = next(it)
            except StopIteration:
                break
            pending.append(executor.submit(function, x))
        if not pending:
            return
        try:
            yield pending.popleft().result()
        except BaseException:
            for f in pending:
                f.cancel()
            raise
