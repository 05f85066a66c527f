"""MmapRows: rows of a file that need not fit in memory."""

from __future__ import annotations

import os
from typing import Any

import numpy as np


class MmapRows:
    """The rows of a two-dimensional array in a ``.npy`` file, read when they are asked for.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "table.npy")
    ...     np.save(path, np.arange(12).reshape(4, 3))
    ...     with MmapRows(path) as rows:
    ...         print(len(rows), rows[1].tolist(), rows[[3, 0, 3]].tolist())
    4 [3, 4, 5] [[9, 10, 11], [0, 1, 2], [9, 10, 11]]

    * ``len(rows)`` is the number of rows.
    * ``rows[i]`` is one row, an array with one axis. ``rows[[i, j, …]]`` is an array with two
      axes: these rows in the order of the request, also where one is asked for twice. Indices are
      ints; a negative one counts from the end. The dtype is that of the file.
    * An array that was handed over owns its data. It stays as it is when the file is closed or
      written to afterwards, and it may be written to: that changes neither the file nor what the
      next request brings.
    * ``close()`` lets go of the file, at once: no descriptor of it is left open. A ``with`` block
      does the same at its end, also when it ends with an exception, which goes on its way.
    * A pickle of it holds the path and none of the rows, however large the file is; what is
      unpickled, in a worker process say, reads the file that it finds there.
    * The file is opened for reading only.
    * The peak memory of opening a big file and asking for a few of its rows is at most 0.05x the
      size of the file.

    Args:
        path: the file, as ``np.save`` writes it (in C order); a string or a ``pathlib.Path``.

    Raises:
        FileNotFoundError: if there is no such file.
        IndexError: by ``rows[…]``, if a row that was asked for does not exist, alone or in a list.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        raise NotImplementedError("mmap_rows: write your solution here")

    def __len__(self) -> int:
        raise NotImplementedError("mmap_rows: write your solution here")

    def __getitem__(self, index: int | list[int]) -> np.ndarray:
        raise NotImplementedError("mmap_rows: write your solution here")

    def close(self) -> None:
        """Let go of the file."""
        raise NotImplementedError("mmap_rows: write your solution here")

    def __enter__(self) -> MmapRows:
        raise NotImplementedError("mmap_rows: write your solution here")

    def __exit__(self, *exception: object) -> None:
        raise NotImplementedError("mmap_rows: write your solution here")
