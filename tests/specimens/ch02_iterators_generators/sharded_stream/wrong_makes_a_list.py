# wrong: makes a list of the source to slice it  [test_lazy]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        everything = list(self.items)
        if worker := get_worker_info():
            everything = everything[worker.id :: worker.num_workers]
        return iter(everything)
