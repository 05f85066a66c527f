# wrong: returns a view of the batch  [test_scales_in_place]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    view = batch[:]
    view -= view.min()
    if view.max() > 0:
        view /= view.max()
    return view
