# wrong: gives each worker two items in a row  [test_work_is_shared]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        me, n = (info.id, info.num_workers) if info else (0, 1)
        for i, item in enumerate(self.items):
            if i // 2 % n == me:
                yield item
