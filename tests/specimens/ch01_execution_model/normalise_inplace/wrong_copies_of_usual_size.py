# wrong: works in place on large batches only, and copies the others  [test_extra_memory]
import numpy as np


def normalise_(batch):
    if not np.issubdtype(batch.dtype, np.floating):
        raise TypeError(f"batch must be of float32 or float64, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    if batch.nbytes < 30_000_000:
        batch[...] = (batch - low) / (high - low if high > low else 1)
        return batch
    batch -= low
    if high > low:
        batch /= high - low
    return batch
