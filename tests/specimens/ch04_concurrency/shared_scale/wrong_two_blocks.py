# wrong: a second block for the products, instead of scaling in place  [test_bytes_do_not_travel]
from contextlib import ExitStack
from multiprocessing import Pool
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(names, size, dtype, factor, part):
    blocks = [SharedMemory(name=name) for name in names]
    source, target = (np.ndarray(size, dtype, block.buf) for block in blocks)
    target[part] = source[part] * factor


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    with ExitStack() as stack:
        blocks = [SharedMemory(create=True, size=array.nbytes) for _ in range(2)]
        for block in blocks:
            stack.callback(block.unlink)
            stack.callback(block.close)
        source, target = (np.ndarray(array.shape, array.dtype, block.buf) for block in blocks)
        source[...] = array
        job = ([block.name for block in blocks], array.size, array.dtype, factor)
        with Pool(workers) as pool:
            pool.starmap(_work, [(*job, slice(k, None, workers)) for k in range(workers)])
        return target.copy()
