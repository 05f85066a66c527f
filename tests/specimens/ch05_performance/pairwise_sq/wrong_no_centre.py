# wrong: the product of points as they are, the errors only clipped  [test_small_example_far_away]
import numpy as np


def pairwise_sq(a, b):
    cross = np.matmul(a, b.transpose())
    squares = np.sum(a * a, axis=1).reshape(-1, 1) - 2 * cross + np.sum(b * b, axis=1)
    return np.clip(squares, 0, None)
