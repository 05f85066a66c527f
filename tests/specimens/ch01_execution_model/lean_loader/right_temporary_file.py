# right: an array's rows wait in a temporary file, which a finaliser closes; a list's rows in a generator that is never exhausted
from __future__ import annotations

import tempfile
import weakref

import numpy as np


class FromFile:
    def __init__(self, rows: np.ndarray) -> None:
        self.file = tempfile.TemporaryFile()
        np.save(self.file, rows, allow_pickle=True)
        weakref.finalize(self, self.file.close)

    def __call__(self) -> np.ndarray:
        self.file.seek(0)
        return np.load(self.file, allow_pickle=True)


def _forever(rows):
    while True:
        yield rows[:]


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must be 0 or more, not {count}")
    if isinstance(data, np.ndarray):
        return FromFile(data[0:count])
    return _forever(data[0:count]).__next__
