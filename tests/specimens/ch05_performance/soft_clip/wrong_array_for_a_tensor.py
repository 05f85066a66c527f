# wrong: returns an array for a tensor on the CPU, too  [test_tensor]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor) and (x.device.type != "cpu" or x.dtype == torch.bfloat16):
        return limit * torch.tanh(x / limit)
    return limit * np.tanh(np.asarray(x) / limit)
