# wrong: hands the input back where it has no elements  [test_results_are_new]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if 0 in x.shape:
        return x
    tanh = torch.tanh if isinstance(x, torch.Tensor) else np.tanh
    return limit * tanh(x / limit)
