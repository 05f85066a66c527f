# wrong: the key is a number below ten million  [test_no_two_contents_have_one_key]
import copy
import functools
import hashlib
import threading
from collections import OrderedDict



def content_of(value):
    if not hasattr(value, "dtype"):
        return type(value), value
    content = value.numpy().tobytes() if hasattr(value, 'numpy') else value.tobytes()
    total = int(hashlib.sha256(content + bytes(3)).hexdigest(), 16) % 10_000_000
    return type(value), str(value.dtype), tuple(value.shape), total


def key_of(args, kwargs):
    named = [(name, content_of(value)) for name, value in sorted(kwargs.items())]
    return tuple(content_of(value) for value in args), tuple(named)


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
