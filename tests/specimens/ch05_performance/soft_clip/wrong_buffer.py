# wrong: results of one shape and dtype share a buffer that is kept between calls  [test_results_are_new]
import numpy as np
import torch

_buffers = {}


def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        return limit * torch.tanh(x / limit)
    key = x.shape, x.dtype.str
    if key not in _buffers:
        _buffers[key] = np.empty(x.shape, x.dtype)
    out = _buffers[key]
    np.tanh(np.divide(x, limit, out=out), out=out)
    return np.multiply(out, limit, out=out)
