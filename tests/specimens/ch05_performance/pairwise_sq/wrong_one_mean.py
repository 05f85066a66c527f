# wrong: one mean for all features, which lies near none of them  [test_far_from_the_origin]
import numpy as np


def pairwise_sq(a, b):
    shift = (a.mean() + b.mean()) / 2
    a, b = a - shift, b - shift
    squares = np.einsum("ij,ij->i", a, a)[:, None] + np.einsum("ij,ij->i", b, b) - 2 * a @ b.T
    return np.where(squares > 0, squares, 0).astype(a.dtype)
