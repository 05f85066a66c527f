# wrong: one generator for an epoch, made in set_epoch  [test_same_in_workers]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset, self.augment, self.seed = dataset, augment, seed
        self.set_epoch(0)

    def set_epoch(self, n):
        self.rng = np.random.default_rng([self.seed, n])

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        return self.augment(self.dataset[index], self.rng)
