# right: values come out of small NumPy blocks, made when they are needed
from __future__ import annotations

import collections.abc
import operator

import numpy as np


class CountUp(collections.abc.Iterator):
    def __init__(self, limit: int) -> None:
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError(f"limit must be an int, got {limit!r}")
        self.limit = operator.index(limit)
        self.at = 0
        self.block = iter(())

    def __next__(self) -> int:
        for value in self.block:
            return value
        if self.at >= self.limit:
            raise StopIteration
        step = min(64, self.limit - self.at)
        first, self.at = self.at, self.at + step
        self.block = iter((np.arange(1, step + 1).astype(object) + first).tolist())
        return next(self.block)
