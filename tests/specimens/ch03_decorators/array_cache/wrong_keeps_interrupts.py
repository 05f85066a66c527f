# wrong: an interrupt leaves its entry behind, for which later calls wait  [test_exceptions_are_not_kept]
import copy
import functools
import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future

import numpy as np
import torch


def content_of(value):
    if isinstance(value, torch.Tensor):
        raw = value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()
        return "tensor", str(value.dtype), tuple(value.shape), hashlib.sha256(raw).digest()
    if isinstance(value, np.ndarray):
        return "array", str(value.dtype), value.shape, hashlib.sha256(value.tobytes()).digest()
    return type(value), value


def key_of(args, kwargs):
    named = [(name, content_of(value)) for name, value in sorted(kwargs.items())]
    return tuple(content_of(value) for value in args), tuple(named)


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize must not be negative, not {maxsize}")

    def decorate(function):
        slots, lock = OrderedDict(), threading.Lock()

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            key = key_of(args, kwargs)
            with lock:
                future = slots.get(key)
                mine = future is None
                if mine:
                    future = slots[key] = Future()
                    if len(slots) > maxsize:
                        slots.popitem(last=False)
            if mine:
                try:
                    future.set_result(copy.deepcopy(function(*args, **kwargs)))
                except Exception as error:
                    with lock:
                        slots.pop(key, None)
                    future.set_exception(error)
            return copy.deepcopy(future.result())

        return wrapper

    return decorate
