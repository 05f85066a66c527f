# wrong: refuses signed integers only  [test_every_integer_dtype]
import numpy as np


def normalise_(batch):
    if np.issubdtype(batch.dtype, np.signedinteger) or batch.dtype == np.uint8:
        raise TypeError(f"batch must be of floats, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    if high == low:
        batch[...] = 0
        return batch
    batch -= low
    batch /= high - low
    return batch
