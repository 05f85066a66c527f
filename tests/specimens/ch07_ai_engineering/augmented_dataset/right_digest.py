# right: a dataclass; the generator's seed is a digest of a text with the three numbers
import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch


@dataclass(eq=False)
class Augmented(torch.utils.data.Dataset):
    dataset: Any
    augment: Any
    seed: int
    epoch: int = field(default=0, kw_only=True)

    def set_epoch(self, n: int) -> None:
        if n < 0:
            raise ValueError(f"n must be at least 0, not {n}")
        self.epoch = n

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        sample = self.dataset[index]
        text = f"{self.seed}/{self.epoch}/{int(index)}"
        number = int.from_bytes(hashlib.sha256(text.encode()).digest())
        return self.augment(sample=sample, rng=np.random.default_rng(number))
