# right: functools.lru_cache of futures, keyed by an object that hashes and compares contents
import copy
import functools
import threading
from concurrent.futures import Future

import numpy as np
import torch


class Content:
    """Compares as the content does; holds a copy of it."""

    def __init__(self, value):
        self.kind = type(value)
        if isinstance(value, torch.Tensor):
            value = value.detach().clone()
            self.about = (value.dtype, tuple(value.shape), value.device)
            self.bytes = value.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
        elif isinstance(value, np.ndarray):
            self.about = (value.dtype.str, value.shape)
            self.bytes = value.tobytes()
        else:
            self.about, self.bytes = value, b""

    def __hash__(self):
        return hash((self.kind, self.about, self.bytes))

    def __eq__(self, other):
        return (self.kind, self.about, self.bytes) == (other.kind, other.about, other.bytes)


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize is {maxsize}; it must not be negative")

    def decorate(function):
        lock = threading.Lock()

        @functools.lru_cache(maxsize)
        def place(*args, **kwargs):
            return {"future": None}

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            keys = [Content(a) for a in args]
            named = {name: Content(kwargs[name]) for name in sorted(kwargs)}
            with lock:
                kept = place(*keys, **named)
                future = kept["future"]
                if mine := future is None:
                    future = kept["future"] = Future()
            if mine:
                try:
                    future.set_result(copy.deepcopy(function(*args, **kwargs)))
                except BaseException as error:
                    kept["future"] = None
                    future.set_exception(error)
            return copy.deepcopy(future.result())

        return wrapper

    return decorate
