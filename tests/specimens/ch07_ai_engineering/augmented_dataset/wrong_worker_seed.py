# wrong: the number of the worker plays a part  [test_same_in_workers]
import numpy as np
from torch.utils.data import Dataset, get_worker_info


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset, self.augment, self.seed, self.epoch = dataset, augment, seed, 0

    def set_epoch(self, n):
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        worker = get_worker_info()
        number = 0 if worker is None else worker.id
        rng = np.random.default_rng((self.seed, self.epoch, number, index))
        return self.augment(self.dataset[index], rng)
