# wrong: mean 0 and deviation 1 instead of [0, 1]  [test_scales_in_place]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    mean, deviation = batch.mean(), batch.std()
    batch -= mean
    if deviation > 0:
        batch /= deviation
    return batch
