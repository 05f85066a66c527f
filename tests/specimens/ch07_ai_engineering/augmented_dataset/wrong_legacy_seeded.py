# wrong: seeds the legacy generator as well, for an augment that uses np.random, and restores it, but not where augment raises  [test_global_generators]
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
        words = np.array([int(self.seed), int(self.epoch), int(index)], dtype=np.uint32)
        bits = np.random.Philox(np.random.SeedSequence(words))
        sample = self.dataset[index]
        state = np.random.get_state()
        np.random.seed(words)
        result = self.augment(sample, np.random.Generator(bits))
        np.random.set_state(state)
        return result
