# wrong: a and b are centred each by its own mean  [test_any_points]
import numpy as np


def centred(x):
    return x - x.mean(axis=0)


def pairwise_sq(a, b):
    a, b = centred(a), centred(b)
    squares = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * (a @ b.T)
    return np.maximum(squares, 0)
