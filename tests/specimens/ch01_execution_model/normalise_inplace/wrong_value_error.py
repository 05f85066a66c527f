# wrong: a ValueError for an integer dtype  [test_integers_are_refused]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise ValueError(f"batch must be of floats, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    batch -= low
    if high > low:
        batch /= high - low
    return batch
