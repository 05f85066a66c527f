# right: a generator hands out a new list or array each time; np.take copies the rows

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def _serve(rows):
    while True:
        yield rows.copy()


def lean_loader(data: list[Any] | np.ndarray, count: int) -> Callable[[], Any]:
    if count < 0:
        raise ValueError(f"count is negative: {count}")
    if isinstance(data, list):
        rows = []
        for row in data:
            if len(rows) == count:
                break
            rows.append(row)
        row = None
    else:
        rows = np.take(data, np.arange(count), axis=0)
    return _serve(rows).__next__
