# wrong: the child makes a new array, and the block stays as it was  [test_scales]
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, size, dtype, factor, number, workers):
    block = SharedMemory(name=name)
    part = np.array_split(np.ndarray(size, dtype, block.buf), workers)[number]
    part = part * factor
    block.close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    block = SharedMemory(create=True, size=array.nbytes)
    try:
        view = np.ndarray(array.shape, array.dtype, block.buf)
        view[...] = array
        job = (block.name, array.size, array.dtype, factor)
        children = [Process(target=_work, args=(*job, n, workers)) for n in range(workers)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        if any(child.exitcode for child in children):
            raise RuntimeError("a child failed")
        return view.copy()
    finally:
        block.close()
        block.unlink()
