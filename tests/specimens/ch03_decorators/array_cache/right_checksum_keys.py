# right: keys hashed by a checksum and compared in full, a condition, results kept by torch.save, any one evicted
from __future__ import annotations

import functools
import io
import random
import threading
import typing
import zlib

import numpy as np
import torch


class Key(typing.NamedTuple):
    kind: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes


class ByHash:
    """Arguments that are compared by all of their content, hashed by a checksum of it."""

    __slots__ = ("parts", "sum")

    def __init__(self, args, kwargs):
        self.parts = (*map(self.part, args), None, *((k, self.part(kwargs[k])) for k in sorted(kwargs)))
        self.sum = hash(tuple(zlib.crc32(p.data) if isinstance(p, Key) else hash(p) for p in self.parts))

    @staticmethod
    def part(value):
        if isinstance(value, torch.Tensor):
            raw = value.detach().cpu().contiguous().view(-1).view(torch.uint8)
            return Key(f"tensor {value.device}", str(value.dtype), tuple(value.shape), raw.numpy().tobytes())
        if isinstance(value, np.ndarray):
            return Key("array", value.dtype.str, value.shape, value.tobytes("C"))
        return type(value), value

    def __hash__(self):
        return self.sum

    def __eq__(self, other):
        return isinstance(other, ByHash) and self.parts == other.parts


def fresh(value):
    file = io.BytesIO()
    torch.save(value, file)
    return file.getvalue()


def thawed(data):
    return torch.load(io.BytesIO(data), weights_only=False)


def array_cache(maxsize=128):
    if maxsize < 0:
        raise ValueError(f"maxsize: {maxsize} is negative")

    def decorate(function):
        table: dict[ByHash, bytes] = {}
        computing: set[ByHash] = set()
        changed = threading.Condition()

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            key = ByHash(args, kwargs)
            with changed:
                changed.wait_for(lambda: key in table or key not in computing)
                if key in table:
                    found = table[key]
                else:
                    found = None
                    computing.add(key)
            if found is not None:
                return thawed(found)
            try:
                data = fresh(function(*args, **kwargs))
                with changed:
                    if maxsize:
                        while len(table) >= maxsize:
                            del table[random.Random(0).choice(list(table))]
                        table[key] = data
                return thawed(data)
            finally:
                with changed:
                    computing.discard(key)
                    changed.notify_all()

        return wrapper

    return decorate
