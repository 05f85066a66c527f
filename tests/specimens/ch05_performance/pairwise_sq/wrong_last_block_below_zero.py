# wrong: works in blocks of 256 rows; the rest of the rows, after full blocks, is not clamped  [test_never_negative]
from __future__ import annotations

import numpy as np


def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("not equally many features")
    centre = b.mean(axis=0, dtype=np.float64)
    p = a - centre
    q = b - centre
    q_norms = np.einsum("ij,ij->i", q, q)
    result = np.empty((len(a), len(b)), a.dtype)

    def block(rows):
        part = -2.0 * (p[rows] @ q.T)
        part += np.einsum("ij,ij->i", p[rows], p[rows])[:, None]
        part += q_norms
        return part

    full = max(len(a) - len(a) % 256, 1)
    for start in range(0, full, 256):
        rows = slice(start, start + 256)
        result[rows] = np.maximum(block(rows), 0.0)
    if full < len(a) and full > 1:
        result[full:] = block(slice(full, None))
    return result
