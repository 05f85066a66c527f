# right: a bound method of a frozen dataclass, which hands out deep copies of an array
from __future__ import annotations

import copy
import itertools
import operator
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Kept:
    rows: tuple[Any, ...] | np.ndarray

    def give(self) -> Any:
        return copy.deepcopy(self.rows) if isinstance(self.rows, np.ndarray) else list(self.rows)


def lean_loader(data: list[Any] | np.ndarray, count: int):
    if operator.index(count) < 0:
        raise ValueError(f"count must not be negative, got {count!r}")
    if isinstance(data, np.ndarray):
        return Kept(np.array(data[:count], order="K")).give
    return Kept(tuple(itertools.islice(data, count))).give
