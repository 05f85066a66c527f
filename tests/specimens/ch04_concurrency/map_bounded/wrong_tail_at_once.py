# wrong: when the items have ended, the rest is awaited in one go  [test_error_cancels]
from __future__ import annotations

from collections import deque


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError("buffersize must be at least 1")
    return _results(executor, function, items, buffersize)


def _results(executor, function, items, buffersize):
    pending = deque()
    source = iter(items)
    more = True
    try:
        while True:
            while more and len(pending) < buffersize:
                try:
                    item = next(source)
                except StopIteration:
                    more = False
                    break
                pending.append(executor.submit(function, item))
                del item
            if not more:
                rest = [future.result() for future in pending]
                pending.clear()
                yield from rest
                return
            yield pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()
