# right: forked children inherit the view of the block; a nested function needs no pickle
import multiprocessing
from multiprocessing.shared_memory import SharedMemory

import numpy


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers must be 1 or more, got " + str(workers))
    fork = multiprocessing.get_context("fork")
    block = SharedMemory(create=True, size=array.nbytes)
    children = []
    try:
        flat = numpy.ndarray(array.size, array.dtype, buffer=block.buf)
        flat[:] = array.flat

        def work(first):
            flat[first::workers] *= factor  # every workers-th element

        for first in range(workers):
            children.append(fork.Process(target=work, args=(first,)))
            children[-1].start()
        for child in children:
            child.join()
            if child.exitcode:
                raise RuntimeError(f"{child.name} ended with {child.exitcode}")
        return flat.copy().reshape(array.shape)
    finally:
        for child in children:
            child.join()
        block.close()
        block.unlink()
