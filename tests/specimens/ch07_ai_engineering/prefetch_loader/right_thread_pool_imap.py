# right: the samples of a batch are loaded side by side in a ThreadPool of multiprocessing
from __future__ import annotations

import collections
from multiprocessing.pool import ThreadPool


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        if depth < 1:
            raise ValueError(f"depth must be at least 1, got {depth}")
        self._dataset, self._size, self._depth = dataset, batch_size, depth

    def __len__(self):
        return len(range(0, len(self._dataset), self._size))

    def __iter__(self):
        total = len(self._dataset)
        starts = iter(range(0, total, self._size))
        pool = ThreadPool(4)
        flying = collections.deque()
        try:
            while True:
                while len(flying) <= self._depth:
                    start = next(starts, None)
                    if start is None:
                        break
                    places = range(start, min(start + self._size, total))
                    flying.append([pool.apply_async(self._dataset.__getitem__, (i,)) for i in places])
                if not flying:
                    return
                yield [sample.get() for sample in flying.popleft()]
        finally:
            pool.terminate()
            pool.join()
