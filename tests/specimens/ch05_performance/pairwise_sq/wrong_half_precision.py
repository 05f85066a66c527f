# wrong: the product is computed in half precision, to be fast  [test_any_points]
import numpy as np


def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError("different numbers of features")
    centre = a.mean(axis=0)
    x, y = (a - centre).astype(np.float16), (b - centre).astype(np.float16)
    product = (x.astype(np.float32) @ y.astype(np.float32).T).astype(a.dtype)
    squares = (x.astype(a.dtype) ** 2).sum(1)[:, None] + (y.astype(a.dtype) ** 2).sum(1)
    return np.maximum(squares - 2 * product, 0)
