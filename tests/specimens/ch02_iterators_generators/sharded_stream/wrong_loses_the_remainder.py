# wrong: gives only whole rounds, so what is left over at the end is lost  [test_any_number_of_workers]
from torch.utils.data import IterableDataset, get_worker_info


class ShardedStream(IterableDataset):
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        info = get_worker_info()
        number, of = (0, 1) if info is None else (info.id, info.num_workers)
        for whole in zip(*[iter(self.items)] * of):
            yield whole[number]
