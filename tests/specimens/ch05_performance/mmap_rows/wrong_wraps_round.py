# wrong: every index is taken modulo the length  [test_index_error]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.table = np.load(path, mmap_mode="r")

    def __len__(self):
        return len(self.table)

    def __getitem__(self, index):
        return np.array(self.table[np.mod(index, len(self.table))])

    def close(self):
        self.table = None

    def __reduce__(self):
        return MmapRows, (self.path,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
