# right: one function for each library, chosen by type; a 0-d array stays an array
from functools import singledispatch

import numpy as np
import torch


@singledispatch
def soft_clip(x, limit):
    raise TypeError(f"x must be an array or a tensor, not {type(x).__name__}")


@soft_clip.register
def _(x: np.ndarray, limit):
    return np.asarray(np.multiply(np.tanh(np.divide(x, limit)), limit), dtype=x.dtype)


@soft_clip.register
def _(x: torch.Tensor, limit):
    bound = torch.tensor(limit, dtype=x.dtype, device=x.device)
    return torch.mul(bound, torch.tanh(torch.div(x, bound)))
