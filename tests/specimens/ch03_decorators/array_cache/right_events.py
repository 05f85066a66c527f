# right: a class per function with an event for each computation; results kept pickled
import functools
import io
import pickle
import threading

import numpy as np
import torch


class Entry:
    __slots__ = ("done", "error", "payload")

    def __init__(self):
        self.done = threading.Event()
        self.payload = self.error = None


def content(value):
    if torch.is_tensor(value):
        value = value.contiguous()
        return b"T", str(value.dtype), tuple(value.shape), str(value.device), (
            value.cpu().flatten().view(torch.uint8).numpy().tobytes()
        )
    if isinstance(value, np.ndarray):
        return b"N", value.dtype, value.shape, value.tobytes()
    return value.__class__, value


class Cached:
    def __init__(self, function, maxsize):
        functools.update_wrapper(self, function)
        self.function = function
        self.maxsize = maxsize
        self.entries = {}
        self.lock = threading.Lock()

    def __get__(self, instance, owner=None):
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args, **kwargs):
        key = tuple(content(a) for a in args), tuple(
            (k, content(kwargs[k])) for k in sorted(kwargs)
        )
        while True:
            with self.lock:
                entry = self.entries.get(key)
                if entry is None:
                    entry = Entry()
                    self.entries[key] = entry
                    break
            entry.done.wait()
            if entry.error is None:
                return pickle.loads(entry.payload)
        try:
            payload = pickle.dumps(self.function(*args, **kwargs), pickle.HIGHEST_PROTOCOL)
            entry.payload = payload
        except BaseException as error:
            entry.error = error
            with self.lock:
                self.entries.pop(key, None)
            raise
        finally:
            entry.done.set()
        with self.lock:
            finished = [k for k, e in self.entries.items() if e.done.is_set()]
            for old in finished[: max(0, len(finished) - self.maxsize)]:
                self.entries.pop(old, None)
        return pickle.loads(payload)


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize is {maxsize}")
    return lambda function: Cached(function, maxsize)
