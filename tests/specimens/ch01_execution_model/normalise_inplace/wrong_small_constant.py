# wrong: adds a tiny number to the range, which is much where the range is as tiny  [test_any_values]
import numpy as np


def normalise_(batch):
    if not np.issubdtype(batch.dtype, np.floating):
        raise TypeError(f"dtype {batch.dtype} is not a float dtype")
    low, high = batch.min(), batch.max()
    np.subtract(batch, low, batch)
    np.true_divide(batch, high - low + np.finfo(batch.dtype).tiny, batch)
    return batch
