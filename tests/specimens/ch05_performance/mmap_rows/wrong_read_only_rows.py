# wrong: arrays over bytes that cannot be written to  [test_rows_are_the_callers]
import os

import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        table = np.load(path, mmap_mode="r")
        self.shape, self.dtype, self.offset = table.shape, table.dtype, table.offset
        self.file = os.open(path, os.O_RDONLY)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        places = np.arange(self.shape[0])[index]
        size = self.dtype.itemsize * self.shape[1]
        read = [os.pread(self.file, size, self.offset + size * int(i)) for i in np.ravel(places)]
        return np.frombuffer(b"".join(read), self.dtype).reshape(*places.shape, self.shape[1])

    def close(self):
        if self.file is not None:
            os.close(self.file)
        self.file = None

    def __reduce__(self):
        return MmapRows, (self.path,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
