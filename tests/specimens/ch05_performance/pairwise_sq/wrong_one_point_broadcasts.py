# wrong: a single point takes a short cut before the check, and one feature is broadcast against many  [test_different_numbers_of_features]
from __future__ import annotations

import numpy as np


def pairwise_sq(a, b):
    if len(a) == 1:
        return ((b - a) ** 2).sum(axis=1)[None, :]
    if a.shape[1] != b.shape[1]:
        raise ValueError("not equally many features")
    centre = b.mean(axis=0, dtype=np.float64)
    p = a - centre
    q = b - centre
    out = p @ q.T
    out *= -2.0
    out += np.einsum("ij,ij->i", p, p)[:, None]
    out += np.einsum("ij,ij->i", q, q)
    np.maximum(out, 0.0, out=out)
    return out.astype(a.dtype, copy=False)
