# wrong: hash() of a text, another number in each process  [test_copies_and_other_runs]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset, self.augment, self.seed, self.epoch = dataset, augment, seed, 0

    def set_epoch(self, n):
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        key = hash(f"{self.seed}-{self.epoch}-{index}") % 2**63
        return self.augment(self.dataset[index], np.random.default_rng(key))
