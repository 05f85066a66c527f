# wrong: every sample gets a range of its own  [test_any_values]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    axes = tuple(range(1, batch.ndim))
    low = batch.min(axis=axes, keepdims=True)
    span = batch.max(axis=axes, keepdims=True) - low
    span[span == 0] = 1
    batch -= low
    batch /= span
    return batch
