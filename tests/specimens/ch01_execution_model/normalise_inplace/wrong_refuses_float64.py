# wrong: takes float32 only  [test_any_values]
import numpy as np


def normalise_(batch):
    if batch.dtype != np.float32:
        raise TypeError(f"batch must be of float32, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    batch -= low
    if high > low:
        batch /= high - low
    return batch
