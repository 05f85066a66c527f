# wrong: the formula as it stands, which a NumPy float64 for the limit promotes  [test_dtypes]
import numpy as np
import torch


def soft_clip(x, limit):
    tanh = torch.tanh if isinstance(x, torch.Tensor) else np.tanh
    return limit * tanh(x / limit)
