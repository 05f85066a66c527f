# wrong: takes it for granted that there are workers  [test_without_workers]
from itertools import islice

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        return islice(self.items, info.id, None, info.num_workers)
