# wrong: a new object is in epoch 1  [test_epochs_differ]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset, self.augment, self.seed, self.epoch = dataset, augment, seed, 1

    def set_epoch(self, n):
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        rng = np.random.default_rng((self.seed, self.epoch, index))
        return self.augment(self.dataset[index], rng)
