# wrong: cuts by rows, so a single row has a single child  [test_bytes_do_not_travel]
import multiprocessing
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, shape, dtype, begin, end, factor):
    block = SharedMemory(name=name)
    flat = np.ndarray(shape, dtype, buffer=block.buf)
    try:
        flat[begin:end] *= factor
    finally:
        del flat
        block.close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers must be at least 1")
    context = multiprocessing.get_context("spawn")
    block = SharedMemory(create=True, size=array.nbytes)
    children = []
    try:
        view = np.ndarray(array.shape, array.dtype, buffer=block.buf)
        view[...] = array
        parts = min(workers, len(array))
        cuts = [len(array) * n // parts for n in range(parts + 1)]
        for begin, end in zip(cuts, cuts[1:]):
            arguments = (block.name, array.shape, array.dtype, begin, end, factor)
            child = context.Process(target=_work, args=arguments)
            child.start()
            children.append(child)
        for child in children:
            child.join()
        if any(child.exitcode != 0 for child in children):
            raise RuntimeError("a child could not multiply its part")
        return view.copy()
    finally:
        view = None
        for child in children:
            if child.is_alive():
                child.terminate()
            child.join()
        block.close()
        block.unlink()
