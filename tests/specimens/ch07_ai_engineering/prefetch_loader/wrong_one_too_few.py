# wrong: takes a batch out before the next one is submitted  [test_any_depth]
from collections import deque
from concurrent.futures import ThreadPoolExecutor


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def _load(self, indices):
        return [self.dataset[index] for index in indices]

    def __iter__(self):
        everything = range(len(self.dataset))
        starts = iter(everything[:: self.batch_size])
        executor, queue = ThreadPoolExecutor(1), deque()
        try:
            while True:
                while len(queue) < self.depth and (start := next(starts, None)) is not None:
                    indices = everything[start : start + self.batch_size]
                    queue.append(executor.submit(self._load, indices))
                if not queue:
                    return
                yield queue.popleft().result()
        finally:
            executor.shutdown(cancel_futures=True)
