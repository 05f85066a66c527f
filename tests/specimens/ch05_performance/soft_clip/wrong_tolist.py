# wrong: a comprehension over the list of all values  [test_speed_of_arrays]
import math

import numpy as np
import torch


def soft_clip(x, limit):
    if isinstance(x, torch.Tensor):
        return x.div(limit).tanh().mul(limit)
    values = [limit * math.tanh(value / limit) for value in x.ravel().tolist()]
    return np.array(values, dtype=x.dtype).reshape(x.shape)
