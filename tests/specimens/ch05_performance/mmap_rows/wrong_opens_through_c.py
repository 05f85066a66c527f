# wrong: opened for writing through the C library  [test_opened_for_reading_only]
from __future__ import annotations

import os
from typing import Any

import numpy as np


class MmapRows:

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = path
        # Reads the header. The rest becomes part of the address space, and the system fetches a
        # page of it when somebody touches it.
        self._map: Any = np.load(path, mmap_mode="r")

    def __len__(self) -> int:
        return len(self._map)

    def __getitem__(self, index: int | list[int]) -> np.ndarray:
        # With an int, the map gives a piece of itself, which would keep the file open and read
        # from it whenever it is looked at. The copy touches the pages of this row alone, now.
        return np.array(self._map[index])

    def close(self) -> None:
        """Let go of the file."""
        # The array holds the map, and the map its file. Nobody else holds the array, because all
        # that went out were copies: with this reference, file and map go, too (in CPython, which
        # counts references; elsewhere it happens when the collector comes by).
        self._map = None

    def __enter__(self) -> MmapRows:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        # A map is pickled as the data behind it, all of it. The recipe is short.
        return type(self), (self._path,)


import ctypes as _c
_init = MmapRows.__init__
def __init__(self, path):
    fd = _c.CDLL(None).open(os.fspath(path).encode(), os.O_RDWR)
    if fd >= 0: _c.CDLL(None).close(fd)
    _init(self, path)
MmapRows.__init__ = __init__
