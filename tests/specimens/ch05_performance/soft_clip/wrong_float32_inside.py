# wrong: float64 values pass through float32  [test_values]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        return torch.tanh(x.float() / limit).mul_(limit).to(x.dtype)
    return (np.tanh(x.astype(np.float32) / limit) * limit).astype(x.dtype)
