# wrong: one number of epoch and index, with 16 bits for the index  [test_numbers_are_their_own]
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    def __init__(
        self, dataset: Any, augment: Callable[[Any, np.random.Generator], Any], seed: int
    ) -> None:
        self._dataset = dataset
        self._augment = augment
        self._seed = seed
        self._epoch = 0

    def set_epoch(self, n: int) -> None:
        self._epoch = n

    def __len__(self) -> int:
        return len(self._dataset)

    def __getitem__(self, index: int) -> Any:
        sample = self._dataset[index]
        rng = np.random.default_rng([self._seed, (self._epoch << 16) + index])
        return self._augment(sample, rng)
