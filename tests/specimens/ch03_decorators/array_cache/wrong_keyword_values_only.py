# wrong: the values of keyword arguments count, their names do not  [test_all_arguments_count]
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

        @functools.wraps(f)
        def w(*a, **kw):
            key = tuple(map(content, a)) + tuple(content(kw[n]) for n in sorted(kw))
            with lock:
                if key not in kept:
                    r = f(*a, **kw)
                    if not maxsize:
                        return copy.deepcopy(r)
                    if len(kept) >= maxsize:
                        kept.pop(next(iter(kept)))
                    kept[key] = copy.deepcopy(r)
                return copy.deepcopy(kept[key])

        return w

    return deco
