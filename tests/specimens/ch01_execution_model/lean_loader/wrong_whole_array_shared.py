# wrong: an array of which all rows are asked for is not copied  [test_any_array]
import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count is negative: {count}")
    if isinstance(data, np.ndarray):
        rows = data if count == len(data) else data[:count].copy()
        return lambda: rows
    return data[:count].copy
