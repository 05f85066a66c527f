# right: one re-entrant lock around everything, pickled results, sha256 over parts
import hashlib
import pickle
from collections import OrderedDict
from functools import wraps
from threading import RLock

import numpy as np
import torch


class ArrayCache:
    def __init__(self, function, maxsize):
        self.function, self.maxsize = function, maxsize
        self.lock, self.kept = RLock(), OrderedDict()

    def feed(self, digest, value):
        if isinstance(value, torch.Tensor):
            digest.update(f"tensor {value.dtype} {tuple(value.shape)} {value.device};".encode())
            raw = value.contiguous().flatten().view(torch.uint8)
            digest.update(raw.numpy().data)
        elif isinstance(value, np.ndarray):
            digest.update(f"array {value.dtype} {value.shape};".encode())
            digest.update(np.ascontiguousarray(value).reshape(-1).view(np.uint8).data)
        else:
            digest.update(f"{type(value).__qualname__} {value!r};".encode())

    def call(self, args, kwargs):
        digest = hashlib.sha256()
        for value in args:
            self.feed(digest, value)
        for name in sorted(kwargs):
            digest.update(f"{name}=".encode())
            self.feed(digest, kwargs[name])
        key = digest.digest()
        with self.lock:
            if key not in self.kept:
                self.kept[key] = pickle.dumps(self.function(*args, **kwargs))
                if len(self.kept) > self.maxsize:
                    self.kept.popitem(last=False)
            return pickle.loads(self.kept[key])


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize must be at least 0, not {maxsize}")

    def decorate(function):
        cache = ArrayCache(function, maxsize)

        @wraps(function)
        def wrapper(*args, **kwargs):
            return cache.call(args, kwargs)

        return wrapper

    return decorate
