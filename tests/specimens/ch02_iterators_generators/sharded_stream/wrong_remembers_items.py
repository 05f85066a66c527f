# wrong: later epochs give what the first one read  [test_epochs_and_loaders]
import itertools

from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items
        self.source = None

    def __iter__(self):
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        if self.source is None:
            self.source = iter(self.items)
        self.source, mine = itertools.tee(self.source)
        return itertools.islice(mine, number, None, count)
