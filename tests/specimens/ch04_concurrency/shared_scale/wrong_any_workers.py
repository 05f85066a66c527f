# wrong: with no workers nobody scales, and nobody complains  [test_refuses_workers_below_one]
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, size, dtype, factor, part):
    block = SharedMemory(name=name)
    np.ndarray(size, dtype, block.buf)[part] *= factor
    block.close()


def shared_scale(array, factor, workers=2):
    block = SharedMemory(create=True, size=array.nbytes)
    try:
        view = np.ndarray(array.shape, array.dtype, block.buf)
        view[...] = array
        job, children = (block.name, array.size, array.dtype, factor), []
        for number in range(workers):
            children.append(Process(target=_work, args=(*job, slice(number, None, workers))))
        for child in children:
            child.start()
        for child in children:
            child.join()
        if [child for child in children if child.exitcode]:
            raise RuntimeError("a child failed")
        return view.copy()
    finally:
        block.close()
        block.unlink()
