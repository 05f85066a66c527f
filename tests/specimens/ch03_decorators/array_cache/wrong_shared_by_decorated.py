# wrong: one cache for all functions of one decorator  [test_all_arguments_count]
import copy
import functools
import hashlib
import threading
from collections import OrderedDict

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


class Slot:
    def __init__(self):
        self.lock, self.full, self.result = threading.Lock(), False, None


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize must not be negative, not {maxsize}")
    slots, lock = OrderedDict(), threading.Lock()

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            key = key_of(args, kwargs)
            with lock:
                slot = slots.setdefault(key, Slot())
                slots.move_to_end(key)
                if len(slots) > maxsize:
                    slots.popitem(last=False)
            with slot.lock:
                if not slot.full:
                    slot.result = copy.deepcopy(function(*args, **kwargs))
                    slot.full = True
                return copy.deepcopy(slot.result)

        return wrapper

    return decorate
