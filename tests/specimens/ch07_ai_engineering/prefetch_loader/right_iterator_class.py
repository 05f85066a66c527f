# right: an iterator class, as many threads as depth, told by a weakref finaliser when it is gone
import collections
import math
import weakref
from concurrent import futures


def load(dataset, indices):
    return list(map(dataset.__getitem__, indices))


def stop(pool):
    pool.shutdown(wait=False, cancel_futures=True)


class Batches:
    def __init__(self, dataset, size, depth):
        count = len(dataset)
        self.jobs = (range(s, min(s + size, count)) for s in range(0, count, size))
        self.dataset = dataset
        self.pool = futures.ThreadPoolExecutor(depth, "prefetch")
        self.end = weakref.finalize(self, stop, self.pool)
        self.waiting = collections.deque()
        for _ in range(depth):
            self.more()

    def more(self):
        indices = next(self.jobs, None)
        if indices is not None:
            self.waiting.append(self.pool.submit(load, self.dataset, indices))

    def __iter__(self):
        return self

    def __next__(self):
        if not self.waiting:
            self.end()
            raise StopIteration
        self.more()
        try:
            return self.waiting.popleft().result()
        except BaseException:
            self.end()
            raise


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        for name, value in ("batch_size", batch_size), ("depth", depth):
            if not value >= 1:
                raise ValueError(f"{name} must be 1 or more, got {value}")
        self.dataset = dataset
        self.batch_size = batch_size
        self.depth = depth

    def __len__(self):
        return math.ceil(len(self.dataset) / self.batch_size)

    def __iter__(self):
        return Batches(self.dataset, self.batch_size, self.depth)
