# wrong: mends NaN afterwards, which takes masks as large as the batch  [test_extra_memory]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    batch -= low
    with np.errstate(invalid="ignore"):
        batch /= high - low
    batch[np.isnan(batch)] = 0
    return batch
