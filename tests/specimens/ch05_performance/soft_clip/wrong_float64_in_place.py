# wrong: np.asarray(x, float64) is no copy of a float64 array, and the steps are done in it  [test_input_stays]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        return torch.tanh(x.double() / limit).mul_(limit).to(x.dtype)
    wide = np.asarray(x, dtype=np.float64)
    wide /= limit
    return np.array(np.tanh(wide) * limit, dtype=x.dtype)
