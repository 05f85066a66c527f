# wrong: one generator, made in __init__  [test_any_order]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self.dataset = dataset
        self.augment = augment
        self.rng = np.random.default_rng(seed)

    def set_epoch(self, n):
        pass

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        return self.augment(self.dataset[index], self.rng)
