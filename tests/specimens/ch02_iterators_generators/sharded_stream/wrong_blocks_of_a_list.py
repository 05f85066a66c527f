# wrong: blocks of what has a length, without the remainder  [test_any_number_of_workers]
from collections.abc import Sequence

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        if info is None:
            yield from self.items
        elif isinstance(self.items, Sequence):
            block = len(self.items) // info.num_workers
            for place in range(info.id * block, (info.id + 1) * block):
                yield self.items[place]
        else:
            for place, item in enumerate(self.items):
                if place % info.num_workers == info.id:
                    yield item
