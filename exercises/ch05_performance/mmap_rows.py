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
    * ``rows[i]`` is one row, an array with one axis. A negative index counts from the end.
    * ``rows[[i, j, …]]`` is an array with two axes: these rows in the order of the request, also
      where one is asked for twice.
    * Both have the dtype of the file.
    * An array that was handed over is the caller's. It stays as it is when the file is closed or
      written to afterwards. The caller may write to it: that changes neither the file nor what
      the next request brings.
    * ``close()`` closes the file at once: no descriptor of it is left open.
    * The end of a ``with`` block closes the file in the same way, also after an exception. An
      exception goes on its way.
    * A pickle of it holds the path and none of the rows. An object that is unpickled, in a worker
      process for example, reads the file that is at the path by then, even if its length, shape
      and dtype are others.
    * The file is opened for reading only.
    * The peak memory of opening a file of 100 MB or more and asking for a few of its rows is at
      most 0.05x the size of the file.

    Indices are ints, and a list holds at least one. Any use after ``close()`` is left open.

    Args:
        path: a string or a ``pathlib.Path``. The file is one that ``np.save`` has written, with
            rows and columns of numbers or bools, in C order and native byte order.

    Raises:
        FileNotFoundError: if there is no such file; at construction or by the first request.
        IndexError: by ``rows[…]``, if a row that was asked for does not exist, alone or in a list.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        raise NotImplementedError("mmap_rows: write your solution here")

    def __len__(self) -> int:
        raise NotImplementedError("mmap_rows: write your solution here")

    def __getitem__(self, index: int | list[int]) -> np.ndarray:
        raise NotImplementedError("mmap_rows: write your solution here")

    def close(self) -> None:
        """Close the file."""
        raise NotImplementedError("mmap_rows: write your solution here")

    def __enter__(self) -> MmapRows:
        raise NotImplementedError("mmap_rows: write your solution here")

    def __exit__(self, *exception: object) -> None:
        raise NotImplementedError("mmap_rows: write your solution here")
