# wrong: deals the items out by what is in them  [test_work_is_shared]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        return (item for item in self.items if hash(repr(item)) % count == number)
