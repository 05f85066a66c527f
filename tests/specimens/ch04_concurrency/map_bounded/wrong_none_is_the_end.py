# wrong: takes an item of None for the end of the items  [test_short_sources]
from collections import deque


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(buffersize)
    it = iter(items)

    def g():
        q = deque()

        def fill():
            while len(q) < buffersize and (x := next(it, None)) is not None:
                q.append(executor.submit(function, x))

        try:
            fill()
            while q:
                yield q.popleft().result()
                fill()
        finally:
            for f in q:
                f.cancel()

    return g()
