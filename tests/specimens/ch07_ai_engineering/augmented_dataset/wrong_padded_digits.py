# wrong: writes epoch and index one after the other, the index with six digits at least: from index 1000000 on they run together  [test_numbers_are_their_own]
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

    def __getitem__(self, index: int) -> Any:
        pair = int(f"{self.epoch:d}{index:06d}")
        rng = np.random.default_rng([int(self.seed), pair])
        return self.augment(self.dataset[index], rng)
