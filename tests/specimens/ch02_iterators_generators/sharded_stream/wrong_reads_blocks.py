# wrong: reads a block of a hundred items ahead  [test_lazy]
from itertools import islice

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        source, place = iter(self.items), 0
        while block := list(islice(source, 100)):
            for item in block:
                if info is None or place % info.num_workers == info.id:
                    yield item
                place += 1
