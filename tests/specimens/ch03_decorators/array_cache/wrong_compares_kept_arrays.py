# wrong: keeps the argument itself and compares with it later  [test_mutated_input]
import copy
import functools
import threading

import numpy as np
import torch


def equal(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and bool((a == b).all())
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b)
    return a == b


def same_call(one, other):
    args, kwargs = one
    return (
        len(args) == len(other[0])
        and kwargs.keys() == other[1].keys()
        and all(map(equal, args, other[0]))
        and all(equal(kwargs[name], other[1][name]) for name in kwargs)
    )


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(maxsize)

    def decorate(function):
        kept, lock = [], threading.RLock()

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with lock:
                for call, result in kept:
                    if same_call(call, (args, kwargs)):
                        return copy.deepcopy(result)
                result = copy.deepcopy(function(*args, **kwargs))
                kept.append(((args, kwargs), result))
                del kept[:-maxsize or len(kept)]
                return copy.deepcopy(result)

        return wrapper

    return decorate
