# wrong: cuts off what lies outside of [0, 1]  [test_scales_in_place]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    if batch.min() == batch.max():
        batch[...] = 0
    return np.clip(batch, 0, 1, out=batch)
