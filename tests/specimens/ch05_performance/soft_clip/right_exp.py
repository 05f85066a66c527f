# right: tanh written with exp, in the form that infinity does not harm
import numpy as np
import torch


def soft_clip(x, limit):
    limit = float(limit)
    exp = torch.exp if isinstance(x, torch.Tensor) else np.exp
    with np.errstate(over="ignore"):
        return limit - 2 * limit / (exp(x / (limit / 2)) + 1)
