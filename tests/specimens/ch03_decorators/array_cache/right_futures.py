# right: a future for each key, in an OrderedDict subclass; arrays keyed by a digest, results kept as copies made by a walk
from __future__ import annotations

import collections
import concurrent.futures
import functools
import hashlib
import threading
import typing
import warnings

import numpy as np
import torch

warnings.filterwarnings("ignore", category=DeprecationWarning)
P = typing.ParamSpec("P")
R = typing.TypeVar("R")


class Bounded(collections.OrderedDict):
    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def touch(self, key: object) -> concurrent.futures.Future | None:
        if key in self:
            self.move_to_end(key)
            return self[key]
        return None

    def put(self, key: object, value: concurrent.futures.Future) -> None:
        self[key] = value
        while len(self) > self.most:
            self.popitem(last=False)


def name_of(value: object) -> object:
    if isinstance(value, np.ndarray):
        digest = hashlib.blake2b(np.ascontiguousarray(value).data.cast("B") if value.size else b"")
        return ("array", value.dtype.str, value.shape, digest.digest())
    if isinstance(value, torch.Tensor):
        flat = value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()
        return ("tensor", value.dtype, str(value.device), value.shape, hashlib.blake2b(flat).digest())
    return (type(value), value)


def copied(value):
    match value:
        case np.ndarray():
            return value.copy()
        case torch.Tensor():
            return value.clone()
        case list():
            return [copied(v) for v in value]
        case tuple() if hasattr(value, "_fields"):
            return type(value)(*map(copied, value))
        case tuple():
            return tuple(copied(v) for v in value)
        case dict():
            return {k: copied(v) for k, v in value.items()}
    return value


def array_cache(maxsize: int = 128) -> typing.Callable[[typing.Callable[P, R]], typing.Callable[P, R]]:
    if maxsize < 0:
        raise ValueError(f"maxsize must be 0 or more, got {maxsize}")

    def decorate(function):
        store = Bounded(maxsize)
        flying: dict[object, concurrent.futures.Future] = {}
        lock = threading.RLock()

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            key = (
                tuple(map(name_of, args)),
                frozenset((name, name_of(value)) for name, value in kwargs.items()),
            )
            with lock:
                future = store.touch(key) or flying.get(key)
                mine = future is None
                if mine:
                    future = flying[key] = concurrent.futures.Future()
            if mine:
                try:
                    future.set_result(copied(function(*args, **kwargs)))
                except BaseException as error:
                    with lock:
                        del flying[key]
                    future.set_exception(error)
                    raise
                with lock:
                    store.put(key, future)
                    del flying[key]
            return copied(future.result())

        return wrapper

    return decorate
