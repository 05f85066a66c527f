# wrong: astype makes a copy, and the copy is scaled  [test_scales_in_place]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    out = batch.astype(np.float32)
    out -= out.min()
    if out.max() > 0:
        out /= out.max()
    return out
