# right: goes down to single rows, which are computed apart and written back
import numpy as np


def _rows(array):
    if array.ndim > 1:
        for part in array:
            yield from _rows(part)
    else:
        yield array


def normalise_(batch):
    if not np.issubdtype(batch.dtype, np.floating):
        raise TypeError(f"dtype {batch.dtype}")
    low, high = batch.min(), batch.max()
    for row in _rows(batch):
        row[:] = (row - low) / ((high - low) or 1)
    return batch
