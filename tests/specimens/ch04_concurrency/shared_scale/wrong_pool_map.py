# wrong: Pool.map of the parts, which are pickled both ways  [test_bytes_do_not_travel]
from functools import partial
from multiprocessing import Pool

import numpy as np


def _times(factor, part):
    return part * factor


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    with Pool(workers) as pool:
        parts = pool.map(partial(_times, factor), np.array_split(array.ravel(), workers))
    return np.concatenate(parts).astype(array.dtype).reshape(array.shape)
