# right: one new array, and every further step is done in it
import numpy as np
import torch


def soft_clip(x, limit):
    if torch.is_tensor(x):
        return x.div(limit).tanh_().mul_(limit)
    result = np.empty_like(x)
    np.divide(x, limit, out=result)
    np.tanh(result, out=result)
    result *= limit
    return result
