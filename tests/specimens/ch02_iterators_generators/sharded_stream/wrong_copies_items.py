# wrong: hands over copies of the items  [test_any_items]
import copy
from itertools import islice

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        return map(copy.deepcopy, islice(self.items, number, None, count))
