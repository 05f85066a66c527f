# wrong: seed + epoch + index is the same for many of them  [test_numbers_are_their_own]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset, self.augment, self.offset = dataset, augment, seed
        self.seed = seed

    def set_epoch(self, n):
        self.offset = self.seed + n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        rng = np.random.default_rng(self.offset + index)
        return self.augment(self.dataset[index], rng)
