# right: an object with __call__ and slots; the array is filled into an empty one
import numpy as np


class Loader:
    __slots__ = ("rows",)

    def __init__(self, rows):
        self.rows = rows

    def __call__(self):
        return self.rows


def lean_loader(data, count):
    if not count >= 0:
        raise ValueError(f"count must not be negative: {count}")
    if not isinstance(data, np.ndarray):
        return Loader([*data[:count]])
    rows = np.empty((count,) + data.shape[1:], dtype=data.dtype)
    rows[...] = data[:count]
    return Loader(rows)
