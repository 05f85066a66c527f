# wrong: remembers the last single row; a one-element list for that row is a view of the memory that it remembers  [test_rows_are_the_callers]
from __future__ import annotations

import os

import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self._open()

    def _open(self):
        self._file = open(self.path, "rb")
        version = np.lib.format.read_magic(self._file)
        header = getattr(np.lib.format, "read_array_header_%d_%d" % version)
        self._shape, _, self._dtype = header(self._file)
        self._start = self._file.tell()
        self._last = (None, None)

    def __getstate__(self):
        return {"path": self.path}

    def __setstate__(self, state):
        self.path = state["path"]
        self._open()

    def __len__(self):
        return self._shape[0]

    def _check(self, index):
        n = len(self)
        if index < -n or index >= n:
            raise IndexError(index)
        return index + n if index < 0 else index

    def _row(self, place):
        width = self._shape[1]
        self._file.seek(self._start + place * width * self._dtype.itemsize)
        return np.fromfile(self._file, self._dtype, width)

    def __getitem__(self, index):
        if isinstance(index, list):
            places = [self._check(i) for i in index]
            if places == [self._last[0]]:
                return self._last[1].reshape(1, -1)
            return np.stack([self._row(p) for p in places])
        place = self._check(index)
        if place != self._last[0]:
            self._last = (place, self._row(place))
        return self._last[1].copy()

    def close(self):
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()
