# right: the epoch lies in shared memory, where persistent workers see it, too
import multiprocessing

import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        super().__init__()
        self.dataset, self.augment = dataset, augment
        self._root = np.random.SeedSequence(seed)
        self._epoch = multiprocessing.Value("q", 0)

    def set_epoch(self, n):
        with self._epoch.get_lock():
            self._epoch.value = n

    def _rng(self, index):
        child = np.random.SeedSequence(
            self._root.entropy, spawn_key=(self._epoch.value, index), pool_size=8
        )
        return np.random.default_rng(child)

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.augment(self.dataset[index], self._rng(index))
