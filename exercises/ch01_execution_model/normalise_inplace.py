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
    in proportion, up to rounding. This holds however close together the values are, and however
    small, down to the smallest numbers of the dtype. A batch whose values are all equal becomes
    zeros.

    The result is the array that was given. Its values change in place: anyone who holds the array,
    or a view of it, sees the new ones. It may have any shape of one or more
    dimensions and any layout: a slice with a step, a transposed array. If it is a part of a larger
    array, the rest of that array stays as it is.

    With a batch of 10 MB or more, the call needs at most 0.1x its memory beside the batch itself.

    Args:
        batch: a writable array of float32 or float64, with at least one value, all finite, no
            two of them in the same memory, and with a range (the largest minus the smallest) that
            the dtype can hold. Subclasses are not asked for.

    Raises:
        TypeError: if a writable array has an integer dtype, where numbers between 0 and 1 have no
            place.
        ValueError: if an array of floats is read-only; its values stay as they are.
    """
    raise NotImplementedError("normalise_inplace: write your solution here")
