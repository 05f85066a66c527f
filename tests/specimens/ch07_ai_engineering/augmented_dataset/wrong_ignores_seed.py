# wrong: the seed is not used  [test_seeds_differ]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed=0):
        self.dataset, self.augment, self.epoch = dataset, augment, 0

    def set_epoch(self, n):
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        key = np.array([self.epoch, index], dtype=np.uint64)
        return self.augment(self.dataset[index], np.random.Generator(np.random.PCG64(key.tolist())))
