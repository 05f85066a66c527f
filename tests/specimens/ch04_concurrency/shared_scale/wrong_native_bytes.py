# wrong: knows the dtype by its name, so the machine's byte order comes back  [test_any_array]
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
        dtype = np.dtype(array.dtype.name)
        shared = np.ndarray(array.shape, dtype, block.buf)
        shared[...] = array
        cuts = [array.size * k // workers for k in range(workers + 1)]
        children = [
            Process(target=_scale, args=(block.name, dtype, *cut, factor))
            for cut in zip(cuts, cuts[1:])
        ]
        for child in children:
            child.start()
        for child in children:
            child.join()
        if any(child.exitcode for child in children):
            raise RuntimeError("a child failed")
        return shared.copy()
    finally:
        block.close()
        block.unlink()
