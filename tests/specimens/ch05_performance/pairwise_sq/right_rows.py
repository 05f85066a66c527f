# right: a loop over the rows of a, each against all of b, written into the result
import numpy as np


def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"a has {a.shape[1]} features, b has {b.shape[1]}")
    result = np.empty((a.shape[0], b.shape[0]), dtype=a.dtype)
    scratch = np.empty_like(b)
    for i, row in enumerate(a):
        np.subtract(b, row, out=scratch)
        np.einsum("md,md->m", scratch, scratch, out=result[i])
    return result
