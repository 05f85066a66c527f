# right: one bit generator, of which each item takes a copy that is jumped far ahead
import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(self, dataset, augment, seed):
        self._dataset = dataset
        self._augment = augment
        self._bits = np.random.PCG64DXSM(seed)
        self._first = 1

    def set_epoch(self, n):
        self._first = 1 + n * len(self)

    def __len__(self):
        return len(self._dataset)

    def __getitem__(self, index):
        bits = self._bits.jumped(self._first + index)
        return self._augment(self._dataset[index], np.random.Generator(bits))
