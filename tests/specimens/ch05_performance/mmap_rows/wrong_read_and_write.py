# wrong: opens the file for writing, too  [test_opened_for_reading_only]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.memory = np.load(path, mmap_mode="r+")

    def __len__(self):
        return self.memory.shape[0]

    def __getitem__(self, index):
        return np.array(self.memory[index], copy=True)

    def close(self):
        self.memory.flush()
        self.memory = None

    def __getstate__(self):
        return self.path

    def __setstate__(self, path):
        self.__init__(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
