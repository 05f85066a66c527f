# wrong: makes float32 of everything, as a network wants it  [test_single_rows]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.map = np.load(path, mmap_mode="r")

    def __len__(self):
        return len(self.map)

    def __getitem__(self, index):
        return np.array(self.map[index], np.float32)

    def close(self):
        self.map = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __reduce__(self):
        return MmapRows, (self.path,)
