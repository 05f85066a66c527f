# wrong: a result is stored under a key that is made after the call  [test_mutated_input]
import copy
import functools
import threading

import numpy as np
import torch


def content(x):
    if isinstance(x, np.ndarray):
        return ("n", str(x.dtype), x.shape, x.tobytes())
    if isinstance(x, torch.Tensor):
        return (
            "t",
            str(x.dtype),
            tuple(x.shape),
            x.detach().contiguous().flatten().view(torch.uint8).numpy().tobytes(),
        )
    return (type(x), x)


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize {maxsize}")

    def deco(f):
        kept, lock = {}, threading.RLock()

        def key(a, kw):
            return tuple(map(content, a)), tuple((n, content(v)) for n, v in sorted(kw.items()))

        @functools.wraps(f)
        def w(*a, **kw):
            with lock:
                if (k := key(a, kw)) in kept:
                    return copy.deepcopy(kept[k])
                r = f(*a, **kw)
                if not maxsize:
                    return copy.deepcopy(r)
                if len(kept) >= maxsize:
                    kept.pop(next(iter(kept)))
                kept[key(a, kw)] = copy.deepcopy(r)
                return copy.deepcopy(r)

        return w

    return deco
