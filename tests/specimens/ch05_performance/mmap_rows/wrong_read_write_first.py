# wrong: opens for reading and writing, and falls back to reading  [test_opened_for_reading_only]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        try:
            self.map = np.load(path, mmap_mode="r+")
        except PermissionError:
            self.map = np.load(path, mmap_mode="r")

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
