# wrong: multiplies by 1 / range, which is infinite where the range is very small  [test_any_values]
import numpy as np


def normalise_(batch):
    if not np.issubdtype(batch.dtype, np.floating):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    low = batch.min()
    span = batch.max() - low
    batch -= low
    if span > 0:
        batch *= 1 / span
    return batch
