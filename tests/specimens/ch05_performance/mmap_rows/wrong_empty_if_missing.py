# wrong: a missing file is a table without rows  [test_missing_file]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        try:
            self.map = np.load(path, mmap_mode="r")
        except FileNotFoundError:
            self.map = np.empty((0, 0))

    def __len__(self):
        return len(self.map)

    def __getitem__(self, index):
        return np.array(self.map[index])

    def close(self):
        self.map = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __reduce__(self):
        return MmapRows, (self.path,)
