# wrong: keeps the object that the first caller got  [test_results_are_the_callers_own]
import copy
import functools
import hashlib
import threading

import numpy as np
import torch


def digest(value):
    about = type(value), getattr(value, "dtype", ""), getattr(value, "shape", "")
    if isinstance(value, torch.Tensor):
        value = value.float().numpy()
    if isinstance(value, np.ndarray):
        return *about, hashlib.sha1(value.tobytes()).digest()
    return *about, value


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError("maxsize")

    def decorate(function):
        cache, lock = {}, threading.Lock()

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            key = (*map(digest, args), *((n, digest(v)) for n, v in sorted(kwargs.items())))
            with lock:
                if key in cache:
                    return copy.deepcopy(cache[key])
                result = cache[key] = function(*args, **kwargs)
                while len(cache) > maxsize:
                    cache.pop(next(iter(cache)))
                return result

        return wrapper

    return decorate
