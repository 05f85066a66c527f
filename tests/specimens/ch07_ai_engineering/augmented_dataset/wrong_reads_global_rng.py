# wrong: the seed is stirred with the state of torch's generator  [test_global_generators]
import numpy as np
import torch
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset, self.augment = dataset, augment
        self.base = torch.initial_seed() + seed
        self.epoch = 0

    def set_epoch(self, n):
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        rng = np.random.default_rng((self.base, self.epoch, index))
        return self.augment(self.dataset[index], rng)
