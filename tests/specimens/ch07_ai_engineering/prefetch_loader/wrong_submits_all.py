# wrong: submits every batch at the start, whatever depth says  [test_loads_while_you_work]
import collections
from concurrent.futures import ThreadPoolExecutor


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def _batch(self, number):
        start = number * self.batch_size
        stop = min(start + self.batch_size, len(self.dataset))
        return [self.dataset[i] for i in range(start, stop)]

    def __iter__(self):
        pool = ThreadPoolExecutor(self.depth)
        jobs = collections.deque(pool.submit(self._batch, n) for n in range(len(self)))
        try:
            while jobs:
                yield jobs.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
