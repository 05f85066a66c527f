# wrong: copies of a tuple within a result are lists  [test_results_are_the_callers_own]
import copy
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import torch


def _dup(x):
    if isinstance(x, dict):
        return {k: _dup(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [_dup(v) for v in x]
    return x.clone() if hasattr(x, "clone") else copy.copy(x)


class _Cached:
    def __init__(self, fn, maxsize):
        wraps(fn)(self)
        self.fn = fn
        self.maxsize = maxsize
        self.entries = OrderedDict()
        self.lock = threading.RLock()

    def __get__(self, obj, owner=None):
        import types

        return self if obj is None else types.MethodType(self, obj)

    @staticmethod
    def _key(v):
        if isinstance(v, np.ndarray):
            return (np.ndarray, v.shape, str(v.dtype), v.tobytes())
        if torch.is_tensor(v):
            raw = v.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()
            return ("torch", tuple(v.shape), str(v.dtype), raw.tobytes())
        return (type(v), v)

    def __call__(self, *args: Any, **kw: Any):
        key = tuple(self._key(a) for a in args) + tuple((k, self._key(kw[k])) for k in sorted(kw))
        with self.lock:
            if key in self.entries:
                self.entries.move_to_end(key)
            else:
                self.entries[key] = _dup(self.fn(*args, **kw))
                if len(self.entries) > self.maxsize:
                    self.entries.popitem(False)
            return _dup(self.entries[key]) if key in self.entries else self.fn(*args, **kw)


def array_cache(maxsize: int = 128) -> Callable:
    if not isinstance(maxsize, int):
        raise TypeError(f"maxsize must be an int, got {maxsize!r}")
    if maxsize < 1:
        raise ValueError(f"maxsize must be at least 1, got {maxsize}")
    return lambda fn: _Cached(fn, maxsize)
