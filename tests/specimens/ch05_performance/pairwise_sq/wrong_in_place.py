# wrong: moves the caller's points  [test_arguments_are_left_alone]
import numpy as np


def pairwise_sq(a, b):
    centre = np.vstack((a, b)).mean(axis=0)
    same = np.shares_memory(a, b)
    a -= centre
    if not same:
        b -= centre
    squares = (a @ b.T) * -2
    squares += np.square(a).sum(axis=1, keepdims=True)
    squares += np.square(b).sum(axis=1)
    return squares.clip(0)
