# wrong: divides by 1 wherever the range is below 1  [test_any_values]
import numpy as np


def normalise_(batch):
    if not np.issubdtype(batch.dtype, np.floating):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    batch -= low
    batch /= max(high - low, 1)
    return batch
