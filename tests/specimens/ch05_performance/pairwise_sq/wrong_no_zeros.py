# wrong: lifts small values a little, so that no distance is 0  [test_same_points]
import numpy as np


def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("different numbers of features")
    centre = a.mean(axis=0)
    a, b = a - centre, b - centre
    squares = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * (a @ b.T)
    return np.maximum(squares, 5e-6 * squares.max())
