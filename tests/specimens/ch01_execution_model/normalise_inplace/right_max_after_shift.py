# right: the largest value is asked for after the shift, and a view does the work
import numpy as np


def normalise_(batch):
    if batch.dtype.type not in {np.float32, np.float64}:
        raise TypeError(f"unsupported dtype: {batch.dtype!r}")
    view = batch[...]
    view -= view.min()
    top = view.max()
    if top:
        view /= top
    return batch
