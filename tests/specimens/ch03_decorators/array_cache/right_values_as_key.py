# right: binds the signature, keyed by the values themselves; a placeholder while one computes
import copy
import functools
import inspect
import threading

import numpy as np
import torch

BUSY = object()


class array_cache:
    def __init__(self, maxsize=128):
        if maxsize < 0:
            raise ValueError(f"maxsize must be 0 or more, not {maxsize}")
        self.maxsize = maxsize

    @staticmethod
    def part(value):
        if torch.is_tensor(value):
            return "T", str(value.dtype), tuple(value.shape), tuple(value.flatten().tolist())
        if isinstance(value, np.ndarray):
            return "A", str(value.dtype), value.shape, tuple(value.ravel().tolist())
        return type(value), value

    def make_room(self, store):
        finished = [key for key, value in store.items() if value is not BUSY]
        while len(finished) >= self.maxsize > 0:
            del store[finished.pop(0)]

    def __call__(self, function):
        store, changed = {}, threading.Condition()
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            key = tuple((name, self.part(value)) for name, value in bound.arguments.items())
            with changed:
                while store.get(key) is BUSY:
                    changed.wait()
                if key in store:
                    return copy.deepcopy(store[key])
                store[key] = BUSY
            try:
                result = copy.deepcopy(function(*args, **kwargs))
            except BaseException:
                with changed:
                    del store[key]
                    changed.notify_all()
                raise
            with changed:
                self.make_room(store)
                store[key] = result
                changed.notify_all()
            return copy.deepcopy(result)

        return wrapper
