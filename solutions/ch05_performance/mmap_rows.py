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
        ### BEGIN SOLUTION
        self._path = path
        # Reads the header. The rest becomes part of the address space, and the system fetches a
        # page of it when it is touched.
        self._map: Any = np.load(path, mmap_mode="r")
        ### END SOLUTION

    def __len__(self) -> int:
        ### BEGIN SOLUTION
        return len(self._map)
        ### END SOLUTION

    def __getitem__(self, index: int | list[int]) -> np.ndarray:
        ### BEGIN SOLUTION
        # With an int, the map gives a piece of itself, which would keep the file open and read
        # from it whenever it is looked at. The copy touches the pages of this row alone, now.
        return np.array(self._map[index])
        ### END SOLUTION

    def close(self) -> None:
        """Close the file."""
        ### BEGIN SOLUTION
        # The array lies over a mmap object, which holds the file. Dropping the array would close
        # it, too, but only when nothing else refers to it, and at once in CPython alone.
        if self._map is not None:
            pages, self._map = self._map.base, None  # the array must not be touched any more
            pages.close()
        ### END SOLUTION

    def __enter__(self) -> MmapRows:
        ### BEGIN SOLUTION
        return self
        ### END SOLUTION

    def __exit__(self, *exception: object) -> None:
        ### BEGIN SOLUTION
        self.close()
        ### END SOLUTION

    ### BEGIN SOLUTION
    def __reduce__(self) -> tuple[Any, ...]:
        # A map is pickled as the data behind it, all of it. The recipe is short.
        return type(self), (self._path,)

    ### END SOLUTION


### BEGIN SOLUTION
# Notes. Rows in random order cost a page each, 4 KiB at least, and on a disk a seek. Sort the
# indices of a large request, or shuffle in blocks, where that hurts. The pages that were touched
# stay in the process until the map is closed, though the system may take them back: they can be
# read again. That looks like a leak in tools that count them, but is not one.
#
# Without a map, `file.seek(offset + i * row_bytes)` and `np.fromfile(file, dtype, columns)` do the
# same job. Then threads share one position in the file, and so do processes after a fork.
#
# A class that others rely on would also say "closed" when it is asked for rows after close(), as
# files do; here Python complains about None.
#
# Common mistakes: `return self._map[index]` (for an int a live view; after close() the file is
# still open, because the view holds it); np.asarray of it (no copy, so the same); mode "r+" (a slip
# anywhere writes into the data set, and a file that is write-protected cannot be opened); np.load
# in each __getitem__ without mmap_mode (every row costs the whole file); a list taken apart, sorted
# and not put back into its order.
### END SOLUTION
