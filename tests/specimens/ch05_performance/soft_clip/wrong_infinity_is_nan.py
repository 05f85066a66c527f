# wrong: x * (tanh(t) / t), which is infinity times 0 for infinity  [test_nan_and_infinity]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        return limit * torch.tanh(x / limit)
    with np.errstate(all="ignore"):
        wide = x.astype(np.float64)
        t = wide / limit
        return np.where(t == 0, wide, wide * (np.tanh(t) / t)).astype(x.dtype)
