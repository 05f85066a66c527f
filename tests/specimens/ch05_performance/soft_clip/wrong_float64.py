# wrong: a NumPy float64 for the limit makes float64 of every array  [test_array]
import numpy as np
import torch


def soft_clip(x, limit):
    if isinstance(x, torch.Tensor):
        return torch.tanh(x / limit) * limit
    bound = np.float64(limit)
    return bound * np.tanh(x / bound)
