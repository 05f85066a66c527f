# wrong: loads the file when it is opened  [test_memory]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path, self.data = path, np.load(path)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        return self.data[index].copy()

    def close(self):
        self.data = None

    def __reduce__(self):
        return MmapRows, (self.path,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
