# wrong: the accurate way for few points only  [test_far_from_the_origin]
import numpy as np


def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"a has {a.shape[1]} features, b has {b.shape[1]}")
    if a.size * len(b) < 200_000:
        return ((a[:, None] - b) ** 2).sum(axis=-1)
    squares = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1) - 2 * a @ b.T
    return np.maximum(squares, 0, out=squares)
