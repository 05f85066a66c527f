# wrong: float32 whatever came in  [test_dtypes]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        return limit * torch.tanh(x.float() / limit)
    return limit * np.tanh(np.asarray(x, dtype=np.float32) / limit)
