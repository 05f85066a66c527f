# wrong: lists are read through a second descriptor, which stays open when a row of the list does not exist  [test_index_error]
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
            size = self._shape[1] * self._dtype.itemsize
            fd = os.open(self.path, os.O_RDONLY)
            out = np.empty((len(index), self._shape[1]), self._dtype)
            for k, i in enumerate(index):
                raw = os.pread(fd, size, self._start + self._check(i) * size)
                out[k] = np.frombuffer(raw, self._dtype)
            os.close(fd)
            return out
        return self._row(self._check(index))

    def close(self):
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()
