# wrong: a negative index is an error  [test_single_rows]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.mapped = np.load(path, mmap_mode="r")

    def __len__(self):
        return len(self.mapped)

    def __getitem__(self, index):
        wanted = np.array(index)
        if ((wanted < 0) | (wanted >= len(self))).any():
            raise IndexError(index)
        return np.array(self.mapped[index])

    def close(self):
        self.mapped = None

    def __reduce__(self):
        return MmapRows, (self.path,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
