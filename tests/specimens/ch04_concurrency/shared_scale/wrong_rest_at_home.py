# wrong: equal parts for the children, and the caller multiplies the rest  [test_children_do_the_work]
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _scale(name, dtype, start, stop, factor):
    block = SharedMemory(name=name)
    part = np.ndarray(stop - start, dtype, block.buf, start * dtype.itemsize)
    part *= factor


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError(f"workers={workers}")
    block = SharedMemory(create=True, size=array.nbytes)
    try:
        shared = np.ndarray(array.shape, array.dtype, block.buf)
        shared[...] = array
        cuts = [array.size // workers * k for k in range(workers + 1)]
        children = [
            Process(target=_scale, args=(block.name, array.dtype, *cut, factor))
            for cut in zip(cuts, cuts[1:])
        ]
        for child in children:
            child.start()
        for child in children:
            child.join()
        if any(child.exitcode for child in children):
            raise RuntimeError("a child failed")
        shared.reshape(-1)[cuts[-1] :] *= factor
        return shared.copy()
    finally:
        block.close()
        block.unlink()
