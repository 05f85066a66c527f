# wrong: leaves the refusal to NumPy, which stretches one feature  [test_different_numbers_of_features]
import numpy as np


def pairwise_sq(a, b):
    result = np.empty((len(a), len(b)), a.dtype)
    for i, row in enumerate(a):
        result[i] = np.square(b - row).sum(axis=1)
    return result
