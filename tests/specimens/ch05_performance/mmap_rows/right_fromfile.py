# right: rows are read with np.fromfile at an offset; the shape by numpy.lib.format, indices through torch
from __future__ import annotations

import numpy as np
import torch


class MmapRows:
    def __init__(self, path):
        self.path = path
        self._open()

    def _open(self):
        self.file = open(self.path, "rb")
        try:
            version = np.lib.format.read_magic(self.file)
            header = getattr(np.lib.format, "read_array_header_%d_%d" % version)(self.file)
            self.shape, _, self.dtype = header
            self.start = self.file.tell()
        except BaseException:
            self.file.close()
            raise

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        wanted = torch.tensor(index if isinstance(index, list) else [index], dtype=torch.int64)
        count = self.shape[0]
        if bool(((wanted < -count) | (wanted >= count)).any()):
            raise IndexError(f"rows {index} of {count}")
        out = np.empty((len(wanted), self.shape[1]), self.dtype)
        width = self.shape[1] * self.dtype.itemsize
        for place, row in enumerate(torch.remainder(wanted, max(count, 1)).tolist()):
            self.file.seek(self.start + row * width)
            out[place] = np.fromfile(self.file, self.dtype, self.shape[1])
        return out if isinstance(index, list) else out[0].copy()

    def close(self):
        self.file.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __getstate__(self):
        return self.path

    def __setstate__(self, path):
        self.path = path
        self._open()
