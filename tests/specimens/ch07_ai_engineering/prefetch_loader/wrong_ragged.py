# wrong: asks for batch_size samples at the ragged end, too  [test_batches_in_order]
from collections import deque
from concurrent.futures import ThreadPoolExecutor


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def load(self, start):
        return [self.dataset[start + i] for i in range(self.batch_size)]

    def __iter__(self):
        pool, waiting = ThreadPoolExecutor(1), deque()
        try:
            for start in range(0, len(self.dataset), self.batch_size):
                waiting.append(pool.submit(self.load, start))
                if len(waiting) > self.depth:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
