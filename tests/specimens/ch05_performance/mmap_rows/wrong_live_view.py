# wrong: hands out pieces of the map  [test_rows_survive_the_file]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.rows = np.load(path, mmap_mode="r")

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return np.asarray(self.rows[index])

    def close(self):
        del self.rows

    def __reduce__(self):
        return self.__class__, (self.path,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
