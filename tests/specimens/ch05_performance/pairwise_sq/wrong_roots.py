# wrong: distances instead of their squares  [test_small_example]
import numpy as np


def pairwise_sq(a, b):
    return np.array([np.sqrt(((p - b) ** 2).sum(axis=1)) for p in a])
