# wrong: one flat tuple as the key: f("k", 3) is f(k=3)  [test_all_arguments_count]
import copy
import functools
import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import Any

import numpy as np
import torch


def _freeze(value):
    if isinstance(value, np.ndarray):
        data = np.ascontiguousarray(value).reshape(-1).view(np.uint8)
        return (_freeze, "numpy", value.dtype.str, value.shape, hashlib.blake2b(data).digest())
    if isinstance(value, torch.Tensor):
        plain = value.detach().resolve_conj().resolve_neg().cpu().contiguous().reshape(-1)
        data = plain.view(torch.uint8).numpy()
        return (_freeze, "torch", value.dtype, tuple(value.shape), hashlib.blake2b(data).digest())
    return value


def _copy(value):
    if isinstance(value, torch.Tensor):
        return value.clone()
    if isinstance(value, list):
        return [_copy(v) for v in value]
    if isinstance(value, tuple):
        return tuple([_copy(v) for v in value])
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return copy.copy(value)


def array_cache(maxsize: int = 128):
    if maxsize < 0:
        raise ValueError("maxsize must not be negative")

    def decorate(function):
        kept: OrderedDict[Any, Any] = OrderedDict()
        running: dict[Any, Future] = {}
        lock = threading.Lock()

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            key = tuple([_freeze(a) for a in args])
            for name in sorted(kwargs):
                key += (name, _freeze(kwargs[name]))
            with lock:
                if key in kept:
                    kept.move_to_end(key)
                    return _copy(kept[key])
                future = running.get(key)
                mine = future is None
                if mine:
                    future = running[key] = Future()
            if not mine:
                return _copy(future.result())
            try:
                result = _copy(function(*args, **kwargs))
            except BaseException as error:
                with lock:
                    del running[key]
                future.set_exception(error)
                raise
            with lock:
                del running[key]
                kept[key] = result
                while len(kept) > maxsize:
                    kept.popitem(last=False)
            future.set_result(result)
            return _copy(result)

        return wrapper

    return decorate
