# right: the key is one pickle of all the arguments, a lock for each key
import functools
import pickle
import threading

import numpy as np
import torch


class Box:
    """Carries the arguments past lru_cache; equal when the fingerprints are equal."""

    def __init__(self, args, kwargs):
        self.call = (args, kwargs)
        self.print = pickle.dumps([self.flat(args), self.flat(sorted(kwargs.items()))])

    def flat(self, x):
        if torch.is_tensor(x):
            x = x.detach().cpu()
            bits = x.view(torch.int16) if x.dtype is torch.bfloat16 else x
            return ["torch", str(x.dtype), *self.flat(bits.numpy())]
        if isinstance(x, np.ndarray):
            return ["numpy", x.dtype.str, list(x.shape), x.tobytes()]
        if isinstance(x, (list, tuple)):
            return [self.flat(i) for i in x]
        return x

    def __hash__(self):
        return hash(self.print)

    def __eq__(self, other):
        return self.print == other.print


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize must not be negative, got {maxsize}")

    def decorate(function):
        @functools.lru_cache(maxsize)
        def stored(box):
            args, kwargs = box.call
            box.call = None
            return pickle.dumps(function(*args, **kwargs))

        busy = {}
        gate = threading.Lock()

        @functools.wraps(function)
        def call(*args, **kwargs):
            box = Box(args, kwargs)
            with gate:
                lock, users = busy.get(box, (None, 0))
                lock = lock or threading.Lock()
                busy[box] = (lock, users + 1)
            try:
                with lock:
                    data = stored(box)
            finally:
                with gate:
                    _, users = busy[box]
                    if users == 1:
                        del busy[box]
                    else:
                        busy[box] = (lock, users - 1)
            return pickle.loads(data)

        call.cache_info = stored.cache_info
        call.cache_clear = stored.cache_clear
        return call

    return decorate
