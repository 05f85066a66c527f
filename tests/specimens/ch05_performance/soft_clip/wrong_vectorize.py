# wrong: np.vectorize, with everything else right  [test_speed_of_arrays]
import math

import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        return limit * torch.tanh(x / limit)
    curve = np.vectorize(lambda value: limit * math.tanh(value / limit), otypes=[x.dtype])
    return curve(x)
