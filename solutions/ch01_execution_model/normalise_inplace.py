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
    ### BEGIN SOLUTION
    if not np.issubdtype(batch.dtype, np.floating):
        raise TypeError(f"batch must be of float32 or float64, not {batch.dtype}")
    low, high = batch.min(), batch.max()
    # `-=` and `/=` write into the array that the name stands for. With `batch = batch - low` the
    # name would stand for a new one. A read-only array refuses with the ValueError asked for.
    batch -= low
    if high > low:  # otherwise it is all zeros by now, and 0/0 would make NaN of it
        batch /= high - low
    return batch
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. PyTorch marks functions that write into their argument with an underscore at the end
# (x.clamp_ beside x.clamp); the name of this one follows that custom. It returns the array for
# convenience, and is for a batch that nobody else needs as it was: what it gains is a batch of
# memory and a pass over it, which is what augmentation code mostly spends.
#
# Copies hide in plain sight. `batch - low` is a whole new batch, also on the right of
# `batch[:] = …`, where the result is right and the memory is not. `astype` copies even to the
# same dtype, `reshape` and `ravel` copy as soon as the array is not contiguous: what is done to
# such a copy in place is lost. np.subtract(batch, low, out=batch) is `-=` written out.
#
# `/ (high - low + 1e-8)` avoids 0/0, too, but then the largest value is a little below 1, and far
# below it if all values are small. `*= 1 / (high - low)` saves divisions, but 1 divided by a very
# small range is infinite. Without the check of the dtype, an integer batch would fail at `/=`, also
# with a TypeError, but only after `-=` had changed it.
### END SOLUTION
