# wrong: close only notes that it was called  [test_close]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path, self.closed = path, False
        self.mapped = np.load(path, mmap_mode="r")

    def __len__(self):
        return len(self.mapped)

    def __getitem__(self, index):
        if self.closed:
            raise ValueError("closed")
        return np.array(self.mapped[index])

    def close(self):
        self.closed = True

    def __reduce__(self):
        return MmapRows, (self.path,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
