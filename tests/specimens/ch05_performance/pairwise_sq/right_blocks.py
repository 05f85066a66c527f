# right: the literal way for a few rows at a time, joined at the end
import numpy as np

BLOCK = 32


def _literal(some, b):
    difference = some[:, np.newaxis, :] - b[np.newaxis, :, :]
    difference *= difference
    return difference.sum(axis=2)


def pairwise_sq(a, b):
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1]:
        raise ValueError("shapes do not fit: %r and %r" % (a.shape, b.shape))
    return np.concatenate([_literal(a[i : i + BLOCK], b) for i in range(0, len(a), BLOCK)])
