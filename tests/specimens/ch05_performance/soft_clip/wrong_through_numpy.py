# wrong: a tensor goes through NumPy, which works on the CPU only  [test_device]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        half = x.dtype == torch.bfloat16
        array = x.float().numpy() if half else x.numpy()
        result = torch.from_numpy(np.asarray(limit * np.tanh(array / limit)))
        return result.bfloat16() if half else result
    return limit * np.tanh(x / limit)
