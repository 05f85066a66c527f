# wrong: numbers are keyed by their text, so 30 and '30' are one  [test_all_arguments_count]
import copy
import functools
import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future

import numpy as np
import torch


def _token(x):
    if isinstance(x, np.ndarray):
        a = np.ascontiguousarray(x)
        return ("nd", x.dtype.str, x.shape, hashlib.sha256(a.tobytes()).digest())
    if isinstance(x, torch.Tensor):
        a = x.detach().cpu().contiguous()
        raw = a.reshape(-1).view(torch.uint8).numpy().tobytes()
        return ("t", str(x.dtype), tuple(x.shape), str(x.device), hashlib.sha256(raw).digest())
    if isinstance(x, (list, tuple)):
        return (type(x).__name__, tuple(_token(i) for i in x))
    if isinstance(x, dict):
        return ("dict", tuple((k, _token(v)) for k, v in x.items()))
    return str(x)


def _clone(r):
    if isinstance(r, torch.Tensor):
        return r.detach().clone()
    return copy.deepcopy(r)


def array_cache(maxsize=128):
    if maxsize is not None and maxsize < 0:
        raise ValueError(f"maxsize must not be negative, got {maxsize}")

    def decorate(fn):
        store = OrderedDict()
        lock = threading.Lock()

        @functools.wraps(fn)
        def wrapper(*args, **kwargs):
            key = (
                tuple(map(_token, args)),
                tuple(sorted((k, _token(v)) for k, v in kwargs.items())),
            )
            with lock:
                fut = store.get(key)
                mine = fut is None
                if mine:
                    fut = store[key] = Future()
                    if maxsize is not None:
                        while len(store) > max(maxsize, 0):
                            store.popitem(last=False)
                else:
                    store.move_to_end(key)
            if mine:
                try:
                    result = fn(*args, **kwargs)
                except BaseException as e:
                    with lock:
                        if store.get(key) is fut:
                            del store[key]
                    fut.set_exception(e)
                    raise
                fut.set_result(_clone(result))
                return result
            return _clone(fut.result())

        return wrapper

    return decorate
