# right: the parameter itself is rebound to the few rows, and the closure mentions it
import numpy as np


def lean_loader(data, count, /, *, copy=True):
    if count < 0:
        raise ValueError(f"negative count {count}")
    data = np.array(data[:count], copy=copy) if isinstance(data, np.ndarray) else data[:count]

    def first_rows():
        return data

    return first_rows
