# right: goes through the flat values in blocks; a sigmoid for tensors; looks at the values first
import numpy as np
import torch

BLOCK = 8192


def soft_clip(x, limit):
    limit = float(limit)
    if not isinstance(x, np.ndarray):
        if x.numel() == 0 or bool((x == 0).all()):
            return x.clone()
        return (2 * torch.sigmoid(2 * x / limit) - 1) * limit
    flat = x.flatten()
    for start in range(0, flat.size, BLOCK):
        part = flat[start : start + BLOCK]
        part[:] = np.tanh(part / limit) * limit
    return flat.reshape(x.shape)
