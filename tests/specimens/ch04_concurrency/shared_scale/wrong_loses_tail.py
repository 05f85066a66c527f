# wrong: size // workers for each, and nobody scales the rest  [test_any_array]
from multiprocessing import Pool
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, dtype, start, count, factor):
    block = SharedMemory(name=name)
    part = np.ndarray(count, dtype, block.buf, offset=start * dtype.itemsize)
    part *= factor
    block.close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    block = SharedMemory(create=True, size=array.nbytes)
    try:
        view = np.ndarray(array.shape, array.dtype, block.buf)
        view[...] = array
        count = array.size // workers
        with Pool(workers) as pool:
            pool.starmap(
                _work,
                [(block.name, array.dtype, k * count, count, factor) for k in range(workers)],
            )
        return view.copy()
    finally:
        block.close()
        block.unlink()
