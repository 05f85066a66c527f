# wrong: joins the children, and does not ask how they ended  [test_failure_of_a_child]
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, dtype, start, stop, factor):
    block = SharedMemory(name=name)
    flat = np.frombuffer(block.buf, dtype, count=stop)
    flat[start:] *= factor


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    block = SharedMemory(create=True, size=array.nbytes)
    try:
        view = np.ndarray(array.shape, array.dtype, block.buf)
        view[...] = array
        cuts = [round(array.size * k / workers) for k in range(workers + 1)]
        children = []
        for start, stop in zip(cuts, cuts[1:]):
            job = (block.name, array.dtype, start, stop, factor)
            children.append(Process(target=_work, args=job))
            children[-1].start()
        for child in children:
            child.join()
        return view.copy()
    finally:
        block.close()
        block.unlink()
