# right: torch computes for arrays as well, which are copied into tensors
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if not isinstance(x, torch.Tensor):
        x = np.asarray(x)
        there = torch.from_numpy(x.astype(x.dtype.newbyteorder("="), order="C", copy=True))
        return soft_clip(there, limit).numpy()
    wide = x.to(torch.float32) if x.dtype.itemsize == 2 else x
    return torch.tanh(wide / limit).mul_(limit).to(x.dtype)
