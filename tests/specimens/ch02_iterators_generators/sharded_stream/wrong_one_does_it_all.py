# wrong: the first worker hands over everything, the others nothing  [test_work_is_shared]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        worker = get_worker_info()
        if worker is None or worker.id == 0:
            return iter(self.items)
        return iter(())
