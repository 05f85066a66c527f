# right: divides by the range, or by 1 where there is none; Python floats
import numpy as np


def normalise_(batch: np.ndarray, *, lowest=0.0) -> np.ndarray:
    if batch.dtype not in (np.float32, np.float64):
        raise TypeError(f"{batch.dtype} batch")
    if not batch.flags.writeable:
        raise ValueError("batch is read-only")
    low, high = float(batch.min()), float(batch.max())
    batch -= low
    batch /= (high - low) or 1.0
    batch += lowest
    return batch
