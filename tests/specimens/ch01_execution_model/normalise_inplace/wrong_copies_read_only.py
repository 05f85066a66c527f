# wrong: a read-only batch is copied and the copy scaled  [test_read_only]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    if not batch.flags.writeable:
        batch = batch.copy()
    low, high = batch.min(), batch.max()
    batch -= low
    if high > low:
        batch /= high - low
    return batch
