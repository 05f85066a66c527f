"""pairwise_sq: every distance at once, by a matrix product that stays accurate."""

from __future__ import annotations

import numpy as np


def pairwise_sq(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The squared Euclidean distance of every row of ``a`` from every row of ``b``.

    >>> corners = np.array([[0.0, 0.0], [3.0, 4.0]])
    >>> pairwise_sq(corners, np.array([[0.0, 0.0], [0.0, 4.0], [6.0, 8.0]])).tolist()
    [[0.0, 16.0, 100.0], [25.0, 9.0, 25.0]]

    The result has shape (n, m). In row i and column j it holds the sum of the squares of
    ``a[i] - b[j]``. Its dtype is that of ``a`` and ``b``. ``a`` and ``b`` are not changed.

    No value is below zero. The largest value is the scale: each value is right to 1e-5 of it, and
    to 1e-6 of it where the two points are the same. This holds wherever the points lie, because
    moving all of them by one vector changes no distance. Each feature may have an offset of its
    own, up to 3000 times (float32) or 30 million times (float64) as large as the spread of the
    points around it.

    The peak memory, with the result, is at most 0.25x the size of the array of all differences
    (n, m, d), for d = 32 and n and m of 800 or more. The time is at most a tenth of that of a
    Python loop that computes ``((a[i] - b[j]) ** 2).sum()`` for each pair, for d = 32 and n and m
    of about 150.

    Args:
        a: n points of d features, shape (n, d), float32 or float64. n and d are at least 1. Values
            and differences are of a size whose squares neither overflow nor underflow.
        b: m points of d features, shape (m, d), of the same dtype, m at least 1. Not all points
            of ``a`` and ``b`` are the same, and n + m is at most 100 000.

    Raises:
        ValueError: if the points of ``a`` and ``b`` do not have equally many features.
    """
    raise NotImplementedError("pairwise_sq: write your solution here")
