# wrong: leaves the TypeError to the division, which equal values never reach  [test_every_integer_dtype]
import numpy as np


def normalise_(batch):
    low = batch.min()
    span = batch.max() - low
    np.subtract(batch, low, out=batch)
    if span > 0:
        np.divide(batch, span, out=batch)
    return batch
