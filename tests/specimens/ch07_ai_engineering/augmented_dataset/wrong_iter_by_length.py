# wrong: has an __iter__ that goes by the length, so that an IndexError of the data set comes out of a plain loop  [test_reads_when_asked]
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(
        self, dataset: Any, augment: Callable[[Any, np.random.Generator], Any], seed: int
    ) -> None:
        self.dataset = dataset
        self.augment = augment
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, n: int) -> None:
        self.epoch = n

    def __len__(self) -> int:
        return len(self.dataset)

    def __iter__(self) -> Any:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, index: int) -> Any:
        words = np.array([int(self.seed), int(self.epoch), int(index)], dtype=np.uint32)
        bits = np.random.Philox(np.random.SeedSequence(words))
        return self.augment(self.dataset[index], np.random.Generator(bits))
