# wrong: the loader is its own iterator, so loops share one position  [test_each_loop_begins_anew]
from collections import deque
from concurrent.futures import ThreadPoolExecutor


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth
        self.pool = None

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        self.close()
        self.pool, self.waiting = ThreadPoolExecutor(1), deque()
        self.starts = iter(range(0, len(self.dataset), self.batch_size))
        return self

    def close(self):
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)
            self.pool = None

    def _load(self, start):
        stop = min(start + self.batch_size, len(self.dataset))
        return [self.dataset[i] for i in range(start, stop)]

    def __next__(self):
        while len(self.waiting) <= self.depth:
            start = next(self.starts, None)
            if start is None:
                break
            self.waiting.append(self.pool.submit(self._load, start))
        if not self.waiting:
            self.close()
            raise StopIteration
        return self.waiting.popleft().result()
