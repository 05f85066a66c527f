# wrong: looks at batch_size and depth when a loop begins  [test_refuses_sizes_below_one]
from collections import deque
from concurrent.futures import ThreadPoolExecutor


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        if self.batch_size < 1 or self.depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        pool, ahead = ThreadPoolExecutor(1), deque()
        try:
            for start in range(0, len(self.dataset), self.batch_size):
                stop = min(start + self.batch_size, len(self.dataset))
                load = lambda a=start, b=stop: [self.dataset[i] for i in range(a, b)]  # noqa: E731
                ahead.append(pool.submit(load))
                if len(ahead) == self.depth + 1:
                    yield ahead.popleft().result()
            yield from (ahead.popleft().result() for _ in range(len(ahead)))
        finally:
            pool.shutdown(cancel_futures=True)
