# right: in float64 around the first point of b, brought back to the dtype at the end
import numpy as np


def pairwise_sq(a, b):
    if len(a[0]) != len(b[0]):
        raise ValueError(f"a has {len(a[0])} features, b has {len(b[0])}")
    dtype = a.dtype
    origin = b[0].astype(np.float64)
    p = a.astype(np.float64) - origin
    q = b.astype(np.float64) - origin
    pp = np.einsum("ij,ij->i", p, p).reshape(-1, 1)
    qq = np.einsum("ij,ij->i", q, q).reshape(1, -1)
    squares = pp + qq - 2 * np.dot(p, q.T)
    return squares.clip(min=0).astype(dtype)
