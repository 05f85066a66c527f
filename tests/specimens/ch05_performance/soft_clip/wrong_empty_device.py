# wrong: a tensor without elements comes back on the default device  [test_device]
from __future__ import annotations

import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        if x.numel() == 0:
            return torch.empty(x.shape, dtype=x.dtype)
        wide = x if x.dtype == torch.float64 else x.float()
        return (torch.tanh(wide / limit) * limit).to(x.dtype)
    y = np.tanh(np.asarray(x, dtype=np.float64) / limit) * limit
    return np.asarray(y).astype(x.dtype)
