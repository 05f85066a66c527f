# wrong: the block is closed, but never unlinked  [test_block_is_gone]
from multiprocessing import Pool
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, size, dtype, factor, number, workers):
    block = SharedMemory(name=name)
    part = np.array_split(np.ndarray(size, dtype, block.buf), workers)[number]
    part *= factor
    block.close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    block = SharedMemory(create=True, size=array.nbytes)
    try:
        view = np.ndarray(array.shape, array.dtype, block.buf)
        view[...] = array
        job = (block.name, array.size, array.dtype, factor)
        with Pool(workers) as pool:
            pool.starmap(_work, [(*job, number, workers) for number in range(workers)])
        return view.copy()
    finally:
        block.close()
