# wrong: rows that can be changed are copied, to be safe from that  [test_any_count]
import copy

import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count is negative: {count}")
    if isinstance(data, np.ndarray):
        return data[:count].copy().copy
    return [copy.copy(row) if type(row) in (dict, set) else row for row in data[:count]].copy
