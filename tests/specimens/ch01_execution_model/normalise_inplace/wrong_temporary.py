# wrong: computes a new batch and copies it into the old one  [test_extra_memory]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    batch[...] = (batch - low) / (high - low if high > low else 1)
    return batch
