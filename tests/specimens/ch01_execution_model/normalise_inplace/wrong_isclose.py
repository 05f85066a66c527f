# wrong: takes values that are close together for equal ones  [test_any_values]
import numpy as np


def normalise_(batch):
    if batch.dtype.kind != "f":
        raise TypeError(f"batch: {batch.dtype}")
    lo, hi = batch.min(), batch.max()
    batch -= lo
    if np.isclose(lo, hi):
        batch.fill(0)
    else:
        batch /= hi - lo
    return batch
