# wrong: bounds the quotient with fmin and fmax, which drop NaN  [test_nan_and_infinity]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        return limit * torch.tanh(x / limit)
    return limit * np.tanh(np.fmax(np.fmin(x / limit, 30), -30))
