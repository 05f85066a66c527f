# wrong: makes the iterator once, so that the second epoch is empty  [test_epochs_and_loaders]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items
        self.source = None

    def __iter__(self):
        if self.source is None:
            self.source = iter(self.items)
        info = get_worker_info()
        for number, item in enumerate(self.source):
            if info is None or number % info.num_workers == info.id:
                yield item
