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
    ### BEGIN SOLUTION
    # Distances do not change when all points move, but the squares below do: with the origin in
    # the middle of the points they are no larger than what is wanted, and rounding does no harm.
    points = np.concatenate([a, b])  # refuses points of different lengths, too
    # In float64: a sum of very many float32 values drifts, and the mean would miss the middle.
    centre = points.mean(axis=0, dtype=np.float64).astype(points.dtype)
    a, b = a - centre, b - centre
    # |a - b|² = |a|² + |b|² - 2ab. The product makes the one array of shape (n, m) that we need.
    squares = a @ b.T
    squares *= -2
    squares += (a * a).sum(axis=1)[:, None]
    squares += (b * b).sum(axis=1)
    # What is left of a zero after rounding may still lie below it, and its root would be NaN.
    return np.maximum(squares, 0, out=squares)
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. `((a[:, None] - b) ** 2).sum(axis=-1)` is one line, accurate, and makes two arrays that
# are d times as large as the result. Between it and the product lie loops with few rounds: over
# the rows of a, each against all of b, or over the features, each added to the result. Both have
# the accuracy of the one line and little memory, and take several times as long as the product,
# for which processors are built. Take them where small distances between near points decide.
#
# Any point near the others will do as the origin: the mean of a alone, or b[0]. It must be one
# and the same for both arrays, and have a number for each feature. Computing all in float64 gives
# nine more digits instead, for float32 alone: what is float64 already has nothing to be raised to.
#
# Common mistakes: `a -= centre` (the caller's points have moved); one mean for all features (a
# feature about 1000 beside one about -1000 has its centre at 0, where nothing lies); `abs` or
# `maximum` without the centre, so that the large errors remain and only their signs are gone;
# mean(axis=0) of a million float32 rows, which adds them up one by one, in float32.
### END SOLUTION
