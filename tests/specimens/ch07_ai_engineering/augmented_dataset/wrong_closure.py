# wrong: keeps a closure, which cannot be pickled  [test_copies_and_other_runs]
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        epoch = 0

        def set_epoch(n):
            nonlocal epoch
            epoch = n

        def item(index):
            return augment(dataset[index], np.random.default_rng((seed, epoch, index)))

        self.set_epoch, self.item, self.length = set_epoch, item, len(dataset)

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return self.item(index)
