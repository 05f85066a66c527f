# wrong: loads the whole file for each request  [test_memory]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        with open(path, "rb") as file:
            np.lib.format.read_magic(file)
            self.length = np.lib.format.read_array_header_1_0(file)[0][0]

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return np.load(self.path)[index].copy()

    def close(self):
        self.length = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
