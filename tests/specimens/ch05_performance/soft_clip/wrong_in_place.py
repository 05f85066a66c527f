# wrong: the steps are done in the input, and the result is a copy of it  [test_input_stays]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    x /= limit
    if isinstance(x, torch.Tensor):
        return limit * torch.tanh(x)
    return limit * np.tanh(x)
