# wrong: no rows of an array are a view, whose base is the whole array  [test_nothing_else_is_kept]
from collections.abc import Callable
from typing import Any

import numpy as np


def lean_loader(data: list[Any] | np.ndarray, count: int) -> Callable[[], Any]:
    if count < 0:
        raise ValueError("count must not be negative")
    rows = data[:count]
    if isinstance(rows, np.ndarray) and rows.size:  # nothing to copy where there is nothing
        rows = rows.copy()

    def load() -> Any:
        return rows

    return load
