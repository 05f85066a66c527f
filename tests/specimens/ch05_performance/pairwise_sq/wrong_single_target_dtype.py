# wrong: for one point in b, the float64 sums are handed out  [test_dtype]
from __future__ import annotations

import numpy as np


def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("not equally many features")
    if len(b) == 1:
        delta = np.subtract(a, b[0], dtype=np.float64)
        return np.einsum("ij,ij->i", delta, delta)[:, None]
    centre = b.mean(axis=0, dtype=np.float64)
    p = a - centre
    q = b - centre
    out = p @ q.T
    out *= -2.0
    out += np.einsum("ij,ij->i", p, p)[:, None]
    out += np.einsum("ij,ij->i", q, q)
    np.maximum(out, 0.0, out=out)
    return out.astype(a.dtype, copy=False)
