# wrong: equal values are overwritten with a second array of zeros  [test_extra_memory]
import numpy as np


def normalise_(batch: np.ndarray) -> np.ndarray:
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"no place for numbers between 0 and 1 in {batch.dtype}")
    if not batch.flags.writeable:
        raise ValueError("the batch is read-only")
    low, high = batch.min(), batch.max()
    if low == high:
        batch[...] = np.zeros_like(batch)
        return batch
    np.subtract(batch, low, out=batch)
    np.divide(batch, high - low, out=batch)
    return batch
