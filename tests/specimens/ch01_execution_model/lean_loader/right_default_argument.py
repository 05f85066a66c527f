# right: a lambda keeps the rows in a default argument; np.take copies them
import numpy as np


def lean_loader(data, count):
    if count < 0:
        raise ValueError("count is negative: %d" % count)
    if isinstance(data, np.ndarray):
        rows = np.take(data, np.arange(count), axis=0)
        del data
        return lambda rows=rows: rows
    rows = [*data][:count]
    return lambda rows=rows: [*rows]
