# right: a dataclass; a Philox generator for each sample, keyed by a digest
from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from torch.utils.data import Dataset


@dataclass
class Augmented(Dataset):
    dataset: Any
    augment: Any
    seed: int
    epoch: int = field(default=0, repr=False)

    def set_epoch(self, n: int) -> None:
        self.epoch = n

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int) -> Any:
        text = f"{self.seed}/{self.epoch}/{index}".encode()
        key = int.from_bytes(hashlib.sha256(text).digest()[:16], "little")
        sample = self.dataset[index]
        return self.augment(sample, np.random.Generator(np.random.Philox(key=key)))
