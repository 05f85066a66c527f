# wrong: the bytes of all arguments in one string  [test_all_arguments_count]
import copy
import functools
import threading
from collections import OrderedDict

import numpy as np
import torch


def content_of(value):
    if isinstance(value, torch.Tensor):
        raw = value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()
        return ["tensor", str(value.dtype), value.dim()], raw.tobytes()
    if isinstance(value, np.ndarray):
        return ["array", str(value.dtype), value.ndim], value.tobytes()
    return [type(value).__name__], repr(value).encode()


def key_of(args, kwargs):
    abouts, contents = [], []
    for value in [*args, *sorted(kwargs), *(kwargs[name] for name in sorted(kwargs))]:
        about, content = content_of(value)
        abouts += about
        contents.append(content)
    # All arrays of one call have their shapes told by the first one's.
    shape = args[0].shape if len(args) == 1 else None
    return tuple(map(str, abouts)), shape and tuple(shape), b"".join(contents)


class Slot:
    def __init__(self):
        self.lock, self.full, self.result = threading.Lock(), False, None


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize must not be negative, not {maxsize}")

    def decorate(function):
        slots, lock = OrderedDict(), threading.Lock()

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
