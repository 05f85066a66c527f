# wrong: one stream, of which each sample has room for 1000 numbers  [test_numbers_are_their_own]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset, self.augment, self.seed = dataset, augment, seed
        self.epoch = 0

    def set_epoch(self, n):
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        bits = np.random.PCG64(self.seed)
        bits.advance(1000 * (self.epoch * len(self.dataset) + index))
        return self.augment(self.dataset[index], np.random.Generator(bits))
