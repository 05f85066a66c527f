# wrong: only the beginning and the sum of arrays above a size  [test_all_of_a_big_array_counts]
import copy
import functools
import threading
from collections import OrderedDict

import numpy as np
import torch


def _key(x):
    if isinstance(x, np.ndarray):
        f = x.ravel()
        return (
            x.shape,
            x.dtype.str,
            f.tobytes() if f.size < 1_000_000 else (f[:1000].tobytes(), float(f.sum())),
        )
    if hasattr(x, "detach"):
        y = x.detach().cpu().contiguous()
        raw = y.reshape(-1).view(torch.uint8).numpy()
        return ("t", tuple(y.shape), str(y.dtype), raw.tobytes())
    return (type(x), x)


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize must not be negative, got {maxsize}")

    def deco(fn):
        store = OrderedDict()
        lock = threading.RLock()

        @functools.wraps(fn)
        def wrapper(*a, **k):
            key = tuple(map(_key, a)) + tuple((n, _key(v)) for n, v in sorted(k.items()))
            with lock:
                if key not in store:
                    store[key] = copy.deepcopy(fn(*a, **k))
                    if len(store) > maxsize:
                        store.popitem(last=False)
                else:
                    store.move_to_end(key)
                return copy.deepcopy(store[key])

        return wrapper

    return deco
