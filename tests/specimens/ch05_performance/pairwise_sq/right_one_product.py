# right: norms and ones as further columns, so that one matrix product does it all
import numpy as np


def pairwise_sq(a, b):
    (_, d), (_, e) = a.shape, b.shape
    if d != e:
        raise ValueError(f"{d} features and {e}")
    middle = (a.mean(axis=0, keepdims=True) + b.mean(axis=0, keepdims=True)) / 2
    a, b = a - middle, b - middle

    def extended(x, factor, first):
        norms = np.linalg.norm(x, axis=1, keepdims=True) ** 2
        ones = np.ones_like(norms)
        return np.hstack([factor * x, *((norms, ones) if first else (ones, norms))])

    product = extended(a, -2, True) @ extended(b, 1, False).T
    product[product < 0] = 0
    return product
