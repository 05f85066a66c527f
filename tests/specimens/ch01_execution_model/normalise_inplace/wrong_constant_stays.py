# wrong: a constant batch is left as it is  [test_constant_batch]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    if high > low:
        batch -= low
        batch /= high - low
    return batch
