# wrong: looks whether there is anything to do before it writes  [test_read_only]
import numpy as np


def normalise_(batch):
    if batch.dtype.kind != "f":
        raise TypeError(f"batch: {batch.dtype}")
    lo, hi = batch.min(), batch.max()
    if lo == 0 and hi in (0, 1):
        return batch
    batch -= lo
    if hi > lo:
        batch /= hi - lo
    return batch
