# wrong: adds an epsilon to the range, which is much where all values are small  [test_any_values]
import numpy as np


def normalise_(batch):
    if batch.dtype.kind != "f":
        raise TypeError(f"batch: {batch.dtype}")
    lo, hi = batch.min(), batch.max()
    batch -= lo
    batch /= hi - lo + batch.dtype.type(1e-8)
    return batch
