# wrong: a tensor is copied to the CPU and stays there  [test_device]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        return torch.tanh(x.cpu() / limit) * limit
    return np.tanh(x / limit) * limit
