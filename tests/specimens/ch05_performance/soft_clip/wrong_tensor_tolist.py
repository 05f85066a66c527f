# wrong: leaves torch for a Python list  [test_speed_of_tensors]
import math

import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        values = [limit * math.tanh(value / limit) for value in x.flatten().tolist()]
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)
    return limit * np.tanh(x / limit)
