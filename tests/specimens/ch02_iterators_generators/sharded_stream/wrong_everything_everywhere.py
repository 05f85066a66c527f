# wrong: no get_worker_info, so each worker gives everything  [test_two_workers]
from torch.utils.data import IterableDataset


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        yield from self.items
