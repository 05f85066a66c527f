# wrong: float64 points are moved in place and moved back afterwards (read-only ones are copied), which is not always exact  [test_arguments_are_left_alone]
from __future__ import annotations

import numpy as np


def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("not equally many features")
    centre = b.mean(axis=0, dtype=np.float64)
    in_place = a.dtype == np.float64 and a.flags.writeable and b.flags.writeable and not np.shares_memory(a, b)
    if in_place:
        p, q = a, b
        p -= centre
        q -= centre
    else:
        p = a - centre
        q = b - centre
    out = p @ q.T
    out *= -2.0
    out += np.einsum("ij,ij->i", p, p)[:, None]
    out += np.einsum("ij,ij->i", q, q)
    np.maximum(out, 0.0, out=out)
    if in_place:
        a += centre
        b += centre
    return out.astype(a.dtype, copy=False)
