# wrong: the block holds float64, whatever the array held  [test_keeps_shape_and_dtype]
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, shape, rows, factor):
    block = SharedMemory(name=name)
    np.ndarray(shape, buffer=block.buf)[rows] *= factor
    block.close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    block = SharedMemory(create=True, size=array.size * 8)
    try:
        view = np.ndarray(array.shape, buffer=block.buf)
        view[...] = array
        with ProcessPoolExecutor(workers) as pool:
            rows = [slice(k, None, workers) for k in range(workers)]
            for future in [pool.submit(_work, block.name, array.shape, r, factor) for r in rows]:
                future.result()
        return view.copy()
    finally:
        block.close()
        block.unlink()
