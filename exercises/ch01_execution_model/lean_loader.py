"""lean_loader: a closure that remembers a few rows, and not the data they came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def lean_loader(data: list[Any] | np.ndarray, count: int) -> Callable[[], Any]:
    """Make a function without arguments that returns the first ``count`` rows of ``data``.

    >>> rows = [["cat", 0], ["dog", 1], ["cow", 2]]
    >>> load = lean_loader(rows, 2)
    >>> rows[0] = rows[1] = None
    >>> load()
    [['cat', 0], ['dog', 1]]

    The rows are those of the moment at which lean_loader is called; the function gives them as
    often as it is asked. What is put into ``data``, or taken out of it, later does not show.

    The loader keeps these rows alive and nothing else: once nobody else has ``data``, it goes,
    with all its other rows. Where few of many rows were asked for, a loader and what it keeps take
    at most 0.01x the memory of ``data``. When the loader goes, its rows go with it.

    Args:
        data: a list, whose rows are any objects: the loader returns a list of the very same
            objects. Or a NumPy array: the loader returns an array of the same dtype that shares
            no memory with ``data``.
        count: from 0 to the number of rows.

    Raises:
        ValueError: if ``count`` is negative; raised by lean_loader itself.
    """
    raise NotImplementedError("lean_loader: write your solution here")
