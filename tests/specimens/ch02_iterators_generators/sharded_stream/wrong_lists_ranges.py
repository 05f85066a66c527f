# wrong: makes a list of whatever has a length  [test_lazy]
from itertools import islice

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        number, of = (0, 1) if info is None else (info.id, info.num_workers)
        items = list(self.items) if hasattr(self.items, "__len__") else self.items
        return islice(items, number, None, of)
