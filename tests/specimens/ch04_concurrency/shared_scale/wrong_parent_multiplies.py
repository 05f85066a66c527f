# wrong: the children look on while the parent multiplies  [test_children_do_the_work]
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name):
    SharedMemory(name=name).close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    block = SharedMemory(create=True, size=array.nbytes)
    try:
        view = np.ndarray(array.shape, array.dtype, block.buf)
        view[...] = array
        children = [Process(target=_work, args=(block.name,)) for _ in range(workers)]
        for child in children:
            child.start()
        view *= factor
        for child in children:
            child.join()
        return view.copy()
    finally:
        for child in children:
            child.join()
        block.close()
        block.unlink()
