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

    The result is a new array for an array, and a new tensor, on the same device, for a tensor. It
    has the shape and the dtype of ``x``, and values that are right up to the rounding of that
    dtype. NaN stays NaN, infinity becomes ``limit`` and minus infinity ``-limit``. What a 0-d
    array gives may be a 0-d array or a NumPy scalar, which is what NumPy's own operators make of
    it. ``x`` is not changed.

    For an array of some ten thousand elements it is at least 20 times as fast as a function
    that is made with ``np.vectorize``; for a tensor at least 5 times as fast as that.

    Args:
        x: an array of float16, float32 or float64, or a tensor of one of these or bfloat16, on
            any device, without gradients. It may have any shape, 0-d and without elements
            included, and any layout.
        limit: a positive number, an int or a float.
    """
    raise NotImplementedError("soft_clip: write your solution here")
