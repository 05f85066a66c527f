"""normalise_inplace: scale a batch where it lies."""

from __future__ import annotations

import numpy as np


def normalise_(batch: np.ndarray) -> np.ndarray:
    """Scale a batch of numbers to [0, 1], in its own memory, and return it.

    >>> batch = np.array([[0, 5], [10, 20]], dtype=np.float32)
    >>> normalise_(batch) is batch
    True
    >>> batch.tolist()
    [[0.0, 0.25], [0.5, 1.0]]

    The smallest value of the whole batch becomes 0, the largest 1, and the others lie between them
    in proportion, up to rounding, however small or close together they are. A batch whose values
    are all equal becomes zeros.

    The array that is returned is the one that was given, with the same dtype and the values
    changed in place, so that whoever holds the array, or a view of it, sees the result. It may
    have any shape and any layout: a slice with a step, a transposed array. Memory beside it is
    not touched.

    At the peak, the call needs at most 0.1x the memory of the batch beside the batch itself.

    Args:
        batch: a writable array of float32 or float64, with at least one value, all finite, and
            with a range (the largest minus the smallest) that the dtype can hold.

    Raises:
        TypeError: if the dtype is an integer one, where numbers between 0 and 1 have no place.
        ValueError: if the array is read-only; its values stay as they are.
    """
    raise NotImplementedError("normalise_inplace: write your solution here")
