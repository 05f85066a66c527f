# wrong: hands over one list, filled again with each batch  [test_batches_in_order]
from collections import deque
from concurrent.futures import ThreadPoolExecutor


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def _load(self, number):
        start = self.batch_size * number
        stop = min(start + self.batch_size, len(self.dataset))
        return [self.dataset[i] for i in range(start, stop)]

    def __iter__(self):
        batch = []
        pool, pending = ThreadPoolExecutor(1), deque()
        try:
            for number in range(len(self)):
                pending.append(pool.submit(self._load, number))
                if len(pending) > self.depth:
                    batch[:] = pending.popleft().result()
                    yield batch
            while pending:
                batch[:] = pending.popleft().result()
                yield batch
        finally:
            pool.shutdown(cancel_futures=True)
