# wrong: writes epoch and index in a row, 1 12 like 11 2  [test_numbers_are_their_own]
import zlib

import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset, self.augment, self.seed = dataset, augment, seed
        self.set_epoch(0)

    def set_epoch(self, n):
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        text = f"{self.seed}-{self.epoch}{index}"
        rng = np.random.default_rng([self.seed, zlib.crc32(text.encode())])
        return self.augment(self.dataset[index], rng)
