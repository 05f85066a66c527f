# wrong: waits for each batch where it submits it, so nothing overlaps  [test_loads_while_you_work]
from concurrent.futures import ThreadPoolExecutor


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be at least 1")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        count = len(self.dataset)
        with ThreadPoolExecutor(self.depth) as pool:
            for start in range(0, count, self.batch_size):
                indices = range(start, min(start + self.batch_size, count))
                yield pool.submit(self.load, indices).result()

    def load(self, indices):
        return [self.dataset[index] for index in indices]
