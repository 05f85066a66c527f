# wrong: the copy of an array is in native byte order  [test_any_array]
import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count is negative: {count}")
    if isinstance(data, np.ndarray):
        return data[:count].astype(data.dtype.newbyteorder("=")).copy
    return data[:count].copy
