# wrong: shifts, then divides by the largest value from before  [test_any_values]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    batch -= low
    if high > low:
        batch /= high
    return batch
