# wrong: takes None for the end of the items  [test_any_items]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        source, turn = iter(self.items), 0
        while (item := next(source, None)) is not None:
            if info is None or turn == info.id:
                yield item
            turn = (turn + 1) % (info.num_workers if info else 1)
