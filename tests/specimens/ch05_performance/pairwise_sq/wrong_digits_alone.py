# wrong: more digits instead of a centre, which float64 does not get  [test_far_from_the_origin]
import numpy as np


def pairwise_sq(a, b):
    p, q = np.asarray(a, np.float64), np.asarray(b, np.float64)
    squares = (p * p).sum(1)[:, None] + (q * q).sum(1)[None, :] - 2.0 * p.dot(q.T)
    return np.maximum(squares, 0.0).astype(a.dtype)
