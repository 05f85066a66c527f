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

    Any callable will do as the function. Each call returns the rows that ``data`` held when
    lean_loader was called: what is put into ``data``, or taken out of it, later does not show.
    Whether each call returns a new list or array is left open. Callers do not change what they
    get.

    The function keeps its rows alive and nothing else: once no other code has ``data``, ``data``
    goes, with all its other rows. When the function goes, its rows go with it. Both happen at
    once, by reference counting: do not rely on the garbage collector. A function that returns ten
    of several thousand rows, 1 MB or more, keeps at most 0.01x the memory of ``data``.

    Args:
        data: a list or a NumPy array; subclasses are not asked for. From a list, whose rows may
            be any objects, the function returns a list of the very same objects. From an
            array, it returns an array of the same dtype that shares no memory with ``data``.
        count: an ``int`` from 0 to the number of rows.

    Raises:
        ValueError: if ``count`` is negative; raised by lean_loader itself.
    """
    raise NotImplementedError("lean_loader: write your solution here")
