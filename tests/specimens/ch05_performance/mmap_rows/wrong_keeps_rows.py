# wrong: hands out the very rows that it keeps in a cache  [test_rows_are_the_callers]
import functools

import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self._rows = np.load(path, mmap_mode="r")
        self._row = functools.lru_cache(16)(self._read)

    def _read(self, i):
        return np.array(self._rows[i])

    def __len__(self):
        return len(self._rows)

    def __getitem__(self, index):
        if isinstance(index, list):
            return np.array([self._row(i) for i in index], self._rows.dtype)
        return self._row(index)

    def close(self):
        if self._rows is not None:
            self._rows._mmap.close()
            self._rows = None

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.close()

    def __reduce__(self):
        return MmapRows, (self.path,)
