# wrong: a worker whose share is empty raises  [test_fewer_items_than_workers]
from itertools import islice

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        share = islice(self.items, number, None, count)
        yield next(share)
        yield from share
