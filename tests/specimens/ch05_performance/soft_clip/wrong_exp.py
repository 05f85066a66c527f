# wrong: tanh from exponentials that overflow  [test_nan_and_infinity]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    exp = torch.exp if isinstance(x, torch.Tensor) else np.exp
    power = exp(2 * x / limit)
    return limit * (power - 1) / (power + 1)
