# wrong: deals out runs of a hundred items, so that one worker has more to do  [test_work_is_shared]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        number, count = (info.id, info.num_workers) if info else (0, 1)
        for place, item in enumerate(self.items):
            if place // 100 % count == number:
                yield item
