# wrong: one generator, set anew for each sample: an augment that reads another sample of the same object (mixup), or another thread, changes the numbers  [test_any_order]
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
        self.rng = np.random.Generator(np.random.Philox(0))

    def set_epoch(self, n: int) -> None:
        self.epoch = n

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> Any:
        words = np.array([int(self.seed), int(self.epoch), int(index)], dtype=np.uint32)
        sample = self.dataset[index]
        self.rng.bit_generator.state = np.random.Philox(np.random.SeedSequence(words)).state
        return self.augment(sample, self.rng)
