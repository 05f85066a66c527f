# wrong: the pickle holds the header, too, so that it need not be read again  [test_pickles_by_path]
import numpy as np


class MmapRows:
    def __init__(self, path, header=None):
        self.path = path
        if header is None:
            table = np.load(path, mmap_mode="r")
            header = table.dtype, table.shape, table.offset
        self.dtype, self.shape, self.offset = header
        self.map = np.memmap(path, self.dtype, "r", self.offset, self.shape)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        return np.array(self.map[index])

    def close(self):
        self.map = None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def __reduce__(self):
        return MmapRows, (self.path, (self.dtype, self.shape, self.offset))
