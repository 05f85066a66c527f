# wrong: what is pickled is the map, that is all rows  [test_pickles_by_path]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self._mapped = np.load(path, mmap_mode="r")

    def __len__(self):
        return len(self._mapped)

    def __getitem__(self, index):
        return self._mapped[index].copy()

    def close(self):
        self._mapped = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
