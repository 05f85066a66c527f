# wrong: scales the whole array behind a view  [test_any_layout]
import numpy as np


def normalise_(batch):
    if not np.issubdtype(batch.dtype, np.floating):
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    low = batch.min()
    span = batch.max() - low
    if not batch.flags.writeable:
        raise ValueError("read-only batch")
    whole = batch if batch.flags.c_contiguous or batch.base is None else batch.base
    whole -= low
    if span > 0:
        whole /= span
    return batch
