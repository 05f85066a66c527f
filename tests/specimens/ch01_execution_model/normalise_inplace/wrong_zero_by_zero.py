# wrong: 0/0 for a constant batch  [test_constant_batch]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    batch -= low
    with np.errstate(invalid="ignore"):
        batch /= high - low
    return batch
