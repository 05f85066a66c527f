# wrong: float64 points are not copied, and moved  [test_arguments_are_left_alone]
import numpy as np


def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("different numbers of features")
    dtype, centre = a.dtype, a[0].astype(np.float64)
    a, b = np.asarray(a, np.float64), np.array(b, np.float64)
    a -= centre
    b -= centre
    squares = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * (a @ b.T)
    return np.maximum(squares, 0).astype(dtype)
