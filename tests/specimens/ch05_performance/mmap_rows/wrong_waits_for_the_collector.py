# wrong: a cycle of references keeps the file open until the collector runs  [test_close]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.map = np.load(path, mmap_mode="r")

        self.map.owner = [self.map]  # "so that it is not collected too early"

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
