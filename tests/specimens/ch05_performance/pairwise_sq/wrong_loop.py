# wrong: a Python loop over all pairs, on lists  [test_speed]
import math

import numpy as np


def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("different numbers of features")
    others = b.tolist()
    rows = [[math.dist(p, q) ** 2 for q in others] for p in a.tolist()]
    return np.array(rows, dtype=a.dtype)
