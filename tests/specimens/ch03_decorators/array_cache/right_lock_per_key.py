# right: a lock for each key; the bytes themselves are the key
import copy
import functools
import threading

import numpy as np
import torch


def make_key(value):
    if isinstance(value, torch.Tensor):
        t = value.detach().cpu()
        if t.dtype == torch.bfloat16:
            t = t.float()
        return ("torch", str(value.dtype), t.numpy().shape, t.numpy().tobytes())
    if isinstance(value, np.ndarray):
        return ("numpy", str(value.dtype), value.shape, value.tobytes())
    return (type(value).__name__, value)


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize={maxsize}")

    def decorator(func):
        cache = {}
        locks = {}
        guard = threading.Lock()

        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            key = tuple(make_key(a) for a in args)
            key += tuple((k, make_key(v)) for k, v in sorted(kwargs.items()))
            with guard:
                if key in cache:
                    cache[key] = cache.pop(key)
                    return copy.deepcopy(cache[key])
                lock = locks.setdefault(key, threading.Lock())
            with lock:
                with guard:
                    if key in cache:
                        return copy.deepcopy(cache[key])
                result = func(*args, **kwargs)
                with guard:
                    cache[key] = copy.deepcopy(result)
                    locks.pop(key, None)
                    while len(cache) > maxsize:
                        del cache[next(iter(cache))]
                return result if not is_argument(result, args) else copy.deepcopy(result)

        return wrapper

    return decorator


def is_argument(result, args):
    return any(result is a for a in args)
