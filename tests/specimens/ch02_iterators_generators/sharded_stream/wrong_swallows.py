# wrong: whatever ends the source is taken for its end  [test_any_items]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        try:
            for place, item in enumerate(self.items):
                if place % count == number:
                    yield item
        except Exception:
            return
