# wrong: adds the length to a negative index, and looks at the upper end only  [test_index_error]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.map = np.load(path, mmap_mode="r")

    def __len__(self):
        return len(self.map)

    def __getitem__(self, index):
        wanted = np.atleast_1d(index)
        wanted = np.where(wanted < 0, wanted + len(self), wanted)
        if (wanted >= len(self)).any():
            raise IndexError(index)
        rows = np.array(self.map[wanted])
        return rows if isinstance(index, list) else rows[0]

    def close(self):
        self.map = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __reduce__(self):
        return MmapRows, (self.path,)
