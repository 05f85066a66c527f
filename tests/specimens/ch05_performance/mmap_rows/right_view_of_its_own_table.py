# right: one row is a view into a table that was read for it alone
import numpy as np


class MmapRows:
    def __init__(self, path):
        self._path = path
        self._table = np.load(path, mmap_mode="r")
        self._count = self._table.shape[0]

    def __len__(self):
        return self._count

    def _several(self, wanted):
        rows = np.empty((len(wanted), self._table.shape[1]), self._table.dtype)
        for k, one in enumerate(wanted):
            if not -self._count <= one < self._count:
                raise IndexError(f"row {one} of {self._count}")
            rows[k] = self._table[one]
        return rows

    def __getitem__(self, index):
        if self._table is None:
            raise ValueError("closed")
        return self._several(index) if isinstance(index, list) else self._several([index])[0]

    def close(self):
        if self._table is not None:
            mapping, self._table = self._table._mmap, None
            mapping.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __reduce__(self):
        return type(self), (self._path,)
