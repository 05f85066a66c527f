# wrong: the end of a with block swallows exceptions  [test_with_block]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.mapped = np.load(path, mmap_mode="r")

    def __len__(self):
        return len(self.mapped)

    def __getitem__(self, index):
        return np.array(self.mapped[index])

    def close(self):
        self.mapped = None
        return True

    def __reduce__(self):
        return MmapRows, (self.path,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return self.close()
