# right: set_epoch draws a seed for every index, from a generator of that epoch
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.source = dataset
        self.transform = augment
        self.key = seed
        self.set_epoch(0)

    def set_epoch(self, n):
        rng = np.random.Generator(np.random.PCG64([self.key, n]))
        self.seeds = rng.integers(0, 2**63, size=(len(self), 2), dtype=np.int64)

    def __len__(self):
        return len(self.source)

    def __getitem__(self, index):
        sample = self.source[index]
        return self.transform(sample, np.random.default_rng(self.seeds[index]))
