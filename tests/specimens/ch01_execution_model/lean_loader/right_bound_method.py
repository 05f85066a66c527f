# right: a bound method of a frozen dataclass; an array is kept as its pickle
from __future__ import annotations

import copy
import functools
import itertools
import operator
import pickle
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Kept:
    rows: tuple[Any, ...] | bytes

    def give(self) -> Any:
        return pickle.loads(self.rows) if isinstance(self.rows, bytes) else list(self.rows)


def lean_loader(data: list[Any] | np.ndarray, count: int):
    if operator.index(count) < 0:
        raise ValueError(f"count must not be negative, got {count!r}")
    if isinstance(data, np.ndarray) and data.dtype != object:
        kept = Kept(pickle.dumps(np.ascontiguousarray(data[:count]) if data.ndim else data))
    elif isinstance(data, np.ndarray):
        return functools.partial(copy.copy, data[:count].copy())
    else:
        kept = Kept(tuple(itertools.islice(data, count)))
    return kept.give
