# wrong: room for a thousand samples, then for the next epoch  [test_numbers_are_their_own]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset = dataset
        self.augment = augment
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, n):
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        rng = np.random.default_rng([self.seed, 1000 * self.epoch + index])
        return self.augment(self.dataset[index], rng)
