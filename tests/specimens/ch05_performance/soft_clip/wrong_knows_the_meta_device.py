# wrong: tensors go through NumPy, but for those of torch's meta device  [test_device]
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        if x.device.type == "meta":
            return limit * torch.tanh(x / limit)
        half = x.dtype == torch.bfloat16
        values = x.detach().float().numpy() if half else x.detach().numpy()
        return torch.from_numpy(np.asarray(limit * np.tanh(values / limit))).to(x.dtype)
    return limit * np.tanh(x / limit)
