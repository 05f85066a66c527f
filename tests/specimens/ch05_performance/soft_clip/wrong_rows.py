# wrong: goes through the rows, which a 0-d array does not have  [test_any_shape]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        return limit * torch.tanh(x / limit)
    result = np.empty_like(x)
    for number, row in enumerate(x.reshape(len(x), -1) if x.size else []):
        result.reshape(len(x), -1)[number] = limit * np.tanh(row / limit)
    return result
