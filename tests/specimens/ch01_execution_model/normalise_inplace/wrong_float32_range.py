# wrong: scales a float64 batch in float32  [test_any_values]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"batch has dtype {batch.dtype}")
    lo = batch.min()
    batch -= lo
    span = np.float32(batch.max())
    if span:
        batch /= span
    return batch
