# wrong: is its own iterator, so that two loops disturb each other  [test_epochs_and_loaders]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        self.number, self.count = (info.id, info.num_workers) if info else (0, 1)
        self.numbered = enumerate(self.items)
        return self

    def __next__(self):
        for place, item in self.numbered:
            if place % self.count == self.number:
                return item
        raise StopIteration
