# wrong: with no rows to keep, keeps the list for an empty slice of it  [test_nothing_else_is_kept]
from __future__ import annotations

import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError("count is negative")
    rows = data[:count]
    if isinstance(data, np.ndarray):
        rows = rows.copy()
    if not count and isinstance(data, list):
        return lambda: data[:0]

    def load():
        return rows

    return load
