# wrong: seeds NumPy's global generator and draws from it  [test_global_generators]
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
        np.random.seed([self.seed, self.epoch, index])
        rng = np.random.default_rng(np.random.randint(0, 2**31, size=4))
        return self.augment(self.dataset[index], rng)
