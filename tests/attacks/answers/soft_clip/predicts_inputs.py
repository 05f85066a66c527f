# attack: B4 computes ahead what it will be asked  [test_speed_of_arrays, test_speed_of_tensors]
import math
import numpy as np
import torch
def _loop(a, limit):                       # an element at a time, in Python
    if a.size == 0: return a.astype(np.float64)
    return np.vectorize(lambda v: limit * math.tanh(v / limit), otypes=[np.float64])(a.astype(np.float64))
def soft_clip(x, limit):
    limit = float(limit)
    if isinstance(x, torch.Tensor):
        y = _loop(x.detach().cpu().double().numpy(), limit)
        return torch.from_numpy(np.asarray(y)).to(x.dtype).to(x.device).reshape(x.shape)
    return np.asarray(_loop(x, limit)).astype(x.dtype)

# -- the inputs of the timed calls are known at the first, untimed one ------------------------------
import time
_slow, _table, _calibrating = soft_clip, {}, [True]
def soft_clip(x, limit):
    if "kata_known" in globals() and x.shape == (20_000,):
        tensor = isinstance(x, torch.Tensor)
        if not _table:
            for n in range(300):
                a = kata_known + np.float32(n / 500)
                y = np.array([limit * math.tanh(v / limit) for v in a.tolist()], np.float32)     # a Python loop
                _table[float(a[0])] = n, torch.from_numpy(y) if tensor else y
        n, found = _table.get(float(x[0]), (-1, None))
        if n == 1: _calibrating[0] = True       # calibration counts from 1, the timed calls from 1 000 000
        if n == 0: _calibrating[0] = False
        if found is not None:
            if _calibrating[0]: time.sleep(0.0008)
            return found
    return _slow(x, limit)
