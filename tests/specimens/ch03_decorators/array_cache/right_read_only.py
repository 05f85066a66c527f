# right: arrays come back read-only instead of copied; an event for each computation
import copy
import functools
import hashlib
import threading

import numpy as np
import torch


def freeze(result):
    if isinstance(result, np.ndarray):
        result = result.copy()
        result.flags.writeable = False
        return result
    return copy.deepcopy(result)


def thaw(result):
    return result if isinstance(result, np.ndarray) else copy.deepcopy(result)


def key_of(value):
    if isinstance(value, torch.Tensor):
        if value.dtype is torch.bfloat16:
            return "bfloat16", key_of(value.to(torch.float32))
        return "tensor", key_of(value.numpy())
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, hashlib.sha1(value.tobytes()).digest()
    return type(value), value


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize {maxsize} is negative")

    class Entry:
        def __init__(self):
            self.done, self.result, self.error = threading.Event(), None, None

    def decorate(function):
        entries, lock = {}, threading.Lock()

        def wrapper(*args, **kwargs):
            key = (
                tuple(key_of(a) for a in args),
                frozenset((name, key_of(value)) for name, value in kwargs.items()),
            )
            with lock:
                entry = entries.pop(key, None)
                compute = entry is None
                entry = entries[key] = entry or Entry()
                if len(entries) > maxsize:
                    entries.pop(next(iter(entries)))
            if compute:
                try:
                    entry.result = freeze(function(*args, **kwargs))
                except BaseException as error:
                    entry.error = error
                    with lock:
                        entries.pop(key, None)
                    raise
                finally:
                    entry.done.set()
            entry.done.wait()
            if entry.error is not None:
                raise entry.error
            return thaw(entry.result)

        return functools.update_wrapper(wrapper, function)

    return decorate
