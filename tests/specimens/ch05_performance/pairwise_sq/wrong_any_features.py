# wrong: ends at the shorter of two points  [test_different_numbers_of_features]
import numpy as np


def pairwise_sq(a, b):
    squares = np.zeros((len(a), len(b)), a.dtype)
    for x, y in zip(a.T, b.T):
        squares += (x[:, None] - y) ** 2
    return squares
