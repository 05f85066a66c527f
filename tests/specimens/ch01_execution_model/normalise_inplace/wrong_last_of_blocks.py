# wrong: leaves out a last block of one value  [test_any_values]
import numpy as np


def normalise_(batch: np.ndarray) -> np.ndarray:
    if np.issubdtype(batch.dtype, np.integer):
        raise TypeError(f"no place for numbers between 0 and 1 in {batch.dtype}")
    if not batch.flags.writeable:
        raise ValueError("the batch is read-only")
    low, high = batch.min(), batch.max()
    if low == high:
        batch.fill(0)
        return batch
    if not batch.flags.c_contiguous:
        np.subtract(batch, low, out=batch)
        np.divide(batch, high - low, out=batch)
        return batch
    flat = batch.reshape(-1)
    for start in range(0, flat.size - 1, 65536):
        block = flat[start : start + 65536]
        block -= low
        block /= high - low
    return batch
