# wrong: builds the array anew from its rows: lists in an object array become a dimension  [test_any_array]
from collections.abc import Callable
from typing import Any

import numpy as np


def lean_loader(data: list[Any] | np.ndarray, count: int) -> Callable[[], Any]:
    if count < 0:
        raise ValueError("count must not be negative")
    rows = list(data[:count])
    if isinstance(data, np.ndarray):
        array = (
            np.array(rows, dtype=data.dtype)
            if rows
            else np.empty_like(data, shape=(0, *data.shape[1:]))
        )
        return lambda: array
    return lambda: rows
