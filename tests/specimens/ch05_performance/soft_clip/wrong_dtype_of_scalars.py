# wrong: leaves the dtype of a 0-d array to NumPy  [test_dtypes]
from typing import TypeVar

import numpy as np
import torch

Array = TypeVar("Array", np.ndarray, torch.Tensor)


def soft_clip(x: Array, limit: float) -> Array:
    if isinstance(x, torch.Tensor):
        wide = x.to(torch.float64)
        return (torch.tanh(wide / limit) * limit).to(x.dtype)
    if x.ndim == 0:
        return limit * np.tanh(x / limit)
    wide = np.array(x, dtype=np.float64)
    wide /= limit
    np.tanh(wide, out=wide)
    wide *= limit
    return wide.astype(x.dtype)
