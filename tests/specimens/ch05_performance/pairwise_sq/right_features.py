# right: a loop over the features, each added to the result
import numpy as np


def pairwise_sq(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    total = np.zeros((len(a), len(b)), dtype=np.result_type(a, b))
    for left, right in zip(a.T, b.T, strict=True):
        total += np.square(np.subtract.outer(left, right))
    return total
