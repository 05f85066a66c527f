# wrong: does not look at count where there are no rows  [test_negative_count]
from collections.abc import Callable
from typing import Any

import numpy as np


def lean_loader(data: list[Any] | np.ndarray, count: int) -> Callable[[], Any]:
    if len(data) and count < 0:
        raise ValueError("count must not be negative")
    rows = data[:count].copy()
    return lambda: rows
