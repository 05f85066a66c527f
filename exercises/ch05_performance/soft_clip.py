"""soft_clip: one formula for a whole array or tensor, whatever its shape, dtype and device."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch

Array = TypeVar("Array", np.ndarray, torch.Tensor)


def soft_clip(x: Array, limit: float) -> Array:
    """``limit * tanh(x / limit)`` for each element: small values stay, large ones bend to limit.

    >>> soft_clip(np.array([-100.0, 0.0, 1.0, 100.0]), 2.0).round(3)
    array([-2.   ,  0.   ,  0.924,  2.   ])
    >>> soft_clip(torch.tensor([[0.0, 100.0]]), 2.0)
    tensor([[0., 2.]])

    The result is an array for an array and a tensor for a tensor, on the same device. It has the
    shape of ``x``. It has the dtype of ``x``, whatever kind of number ``limit`` is. It is new: it
    is not ``x``, and shares no memory with ``x`` or with an earlier result. ``x`` is not changed.

    NaN stays NaN. Infinity becomes ``limit``, and minus infinity ``-limit``. The error of each
    value is at most ``10 * eps * limit``, with the ``eps`` of the dtype (``torch.finfo``).

    For a float32 array of 20 000 elements, it is at least 4 times as fast as
    ``np.vectorize(lambda value: limit * math.tanh(value / limit))``. For a tensor of that size,
    it is at least 4 times as fast as this ``np.vectorize`` for the array.

    Args:
        x: an array of float16, float32 or float64, or a tensor of one of these or bfloat16, on
            any device, without gradients. It may have any shape and any strides; it may be 0-d
            or without elements. For a 0-d array, the result may also be a NumPy scalar.
        limit: a number from 0.1 to 1000: an int, a float or a NumPy float (``np.float64(2)``).
    """
    raise NotImplementedError("soft_clip: write your solution here")
