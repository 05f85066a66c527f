# wrong: makes the array of all differences  [test_memory]
import numpy as np


def pairwise_sq(a, b):
    difference = np.expand_dims(a, 1) - np.expand_dims(b, 0)
    return np.einsum("nmd,nmd->nm", difference, difference)
