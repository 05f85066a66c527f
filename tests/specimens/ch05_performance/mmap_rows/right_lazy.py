# right: maps at first use, copy on write; an unpickled one maps again
import os
from pathlib import Path

import numpy as np


class MmapRows:
    def __init__(self, path: str | os.PathLike, mmap_mode: str = "c"):
        self.path = Path(path).absolute()
        if not self.path.is_file():
            raise FileNotFoundError(2, "no such file", str(self.path))
        self.mode = mmap_mode
        self._array = None

    def _mapped(self):
        if self._array is None:
            self._array = np.load(self.path, mmap_mode=self.mode)
        return self._array

    def __len__(self) -> int:
        return self._mapped().shape[0]

    def __getitem__(self, key):
        if isinstance(key, int):
            return self[[key]][0].copy()
        return self._mapped().take(key, axis=0)

    def close(self) -> None:
        self._array = None

    def __getstate__(self):
        return self.path, self.mode

    def __setstate__(self, state):
        self.path, self.mode = state
        self._array = None

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc, tb):
        self.close()
        return False
