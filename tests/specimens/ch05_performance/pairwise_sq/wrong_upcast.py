# wrong: the result is float64 whatever came in  [test_dtype]
import numpy as np


def pairwise_sq(a, b):
    if len(a[0]) != len(b[0]):
        raise ValueError("a and b need equally many columns")
    result = np.zeros((len(a), len(b)))
    for k in range(a.shape[1]):
        result += (a[:, k : k + 1].astype(float) - b[:, k]) ** 2
    return result
