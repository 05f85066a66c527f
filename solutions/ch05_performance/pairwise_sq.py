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
