"""pairwise_sq: every distance at once, by a matrix product that stays accurate."""

from __future__ import annotations

import numpy as np


def pairwise_sq(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The squared Euclidean distance of every row of ``a`` from every row of ``b``.

    >>> corners = np.array([[0.0, 0.0], [3.0, 4.0]])
    >>> pairwise_sq(corners, np.array([[0.0, 0.0], [0.0, 4.0], [6.0, 8.0]])).tolist()
    [[0.0, 16.0, 100.0], [25.0, 9.0, 25.0]]

    The result has shape (n, m): in row i and column j it holds the sum of the squares of
    ``a[i] - b[j]``. Its dtype is that of ``a`` and ``b``, which are left as they are.

    No value is below zero, nor NaN. With the largest squared distance of the result as the scale,
    each value is right to 1e-5 of it, and to 1e-6 where the two points are the same. This holds
    wherever the points lie, for moving all of them by one vector changes no distance: each feature
    may have an offset of its own, thousands of times as large as what lies between the points
    (float32) or tens of millions of times (float64).

    At the peak, the call needs at most 0.25x the memory of the array of all differences (n, m, d),
    for d = 32 and large n and m, its result included. It takes at most a tenth of the time of a
    Python loop over all pairs.

    Args:
        a: n points of d features, shape (n, d), float32 or float64, all finite, n at least 1.
        b: m points of d features, shape (m, d), of the same dtype, m at least 1.

    Raises:
        ValueError: if the points of ``a`` and ``b`` do not have equally many features.
    """
    raise NotImplementedError("pairwise_sq: write your solution here")
