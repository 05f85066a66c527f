# right: ufuncs with out=, the division told where to happen
import numpy as np


def normalise_(batch):
    if batch.dtype.kind != "f":
        raise TypeError(f"batch has dtype {batch.dtype}")
    low = np.min(batch)
    span = np.ptp(batch)
    np.subtract(batch, low, out=batch)
    return np.divide(batch, span, out=batch, where=span > 0)
