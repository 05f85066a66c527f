# wrong: reads a list in the order of the file and leaves it so  [test_lists_of_rows]
import numpy as np


class MmapRows:
    def __init__(self, path):
        self.path = path
        self.map = np.load(path, "r")

    def __len__(self):
        return len(self.map)

    def __getitem__(self, index):
        if isinstance(index, int):
            return self.map[index].copy()
        places = np.arange(len(self))[index]
        places.sort()  # neighbours share a page
        return self.map[places].copy()

    def close(self):
        self.map = None

    def __reduce__(self):
        return MmapRows, (self.path,)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
