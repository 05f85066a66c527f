# wrong: asks for the worker in __init__, where there is none yet  [test_two_workers]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items
        info = get_worker_info()
        self.start = info.id if info else 0
        self.step = info.num_workers if info else 1

    def __iter__(self):
        for i, item in enumerate(self.items):
            if i >= self.start and (i - self.start) % self.step == 0:
                yield item
