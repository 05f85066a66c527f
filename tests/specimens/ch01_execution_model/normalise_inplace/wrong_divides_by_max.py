# wrong: divides by the largest value, the smallest stays where it is  [test_any_values]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    if batch.min() == batch.max():
        batch[...] = 0
    else:
        batch /= batch.max()
    return batch
