# wrong: loops over the data set, for which any IndexError is the end  [test_error_at_its_own_batch]
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import islice


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        samples = iter(self.dataset)
        with ThreadPoolExecutor(1) as pool:

            def submit():
                return pool.submit(lambda: list(islice(samples, self.batch_size)))

            waiting = deque(submit() for _ in range(self.depth))
            while batch := waiting.popleft().result():
                waiting.append(submit())
                yield batch
            for future in waiting:
                future.cancel()
