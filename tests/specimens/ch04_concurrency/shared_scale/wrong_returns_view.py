# wrong: returns the view of a block that is gone  [test_scales]
from multiprocessing import Pool
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, shape, dtype, factor, rows):
    block = SharedMemory(name=name)
    np.ndarray(shape, dtype, block.buf)[rows] *= factor
    block.close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    block = SharedMemory(create=True, size=array.nbytes)
    try:
        view = np.ndarray(array.shape, array.dtype, block.buf)
        view[...] = array
        rows = np.array_split(np.arange(len(array)), workers)
        job = (block.name, array.shape, array.dtype, factor)
        with Pool(workers) as pool:
            pool.starmap(_work, [(*job, part) for part in rows])
        return view
    finally:
        block.close()
        block.unlink()
