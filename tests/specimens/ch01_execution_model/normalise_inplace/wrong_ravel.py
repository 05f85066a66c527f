# wrong: works on ravel(), a copy where the array is not contiguous  [test_any_layout]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    flat = batch.ravel()
    flat -= flat.min()
    if flat.max() > 0:
        flat /= flat.max()
    return batch
