# wrong: cuts off at the limit  [test_array]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    return x.clamp(-limit, limit) if isinstance(x, torch.Tensor) else np.clip(x, -limit, limit)
