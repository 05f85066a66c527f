# wrong: closes only where the with block ended well  [test_with_block]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.map = np.load(path, mmap_mode="r")

    def __len__(self):
        return len(self.map)

    def __getitem__(self, index):
        return np.array(self.map[index])

    def close(self):
        self.map = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.close()

    def __reduce__(self):
        return MmapRows, (self.path,)
