# wrong: takes a LookupError of the source for its end  [test_any_items]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        me, n = (info.id, info.num_workers) if info else (0, 1)
        source = iter(self.items)
        number = 0
        while True:
            try:
                item = next(source)
            except (StopIteration, LookupError):
                return
            if number % n == me:
                yield item
            number += 1
