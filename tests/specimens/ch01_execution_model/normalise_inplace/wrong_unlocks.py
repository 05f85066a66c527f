# wrong: makes a read-only array writable  [test_read_only]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    batch.flags.writeable = True
    low, high = batch.min(), batch.max()
    batch -= low
    if high > low:
        batch /= high - low
    return batch
