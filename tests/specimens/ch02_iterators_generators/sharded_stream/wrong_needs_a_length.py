# wrong: needs the length of the items to share them out  [test_two_workers]
import math

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        share = math.ceil(len(self.items) / count)
        for place, item in enumerate(self.items):
            if number * share <= place < (number + 1) * share:
                yield item
