# right: children are a subclass of Process that attach by name and report through an error queue
from __future__ import annotations

import contextlib
import multiprocessing
import sys
from multiprocessing import shared_memory

import numpy as np


class Scaler(multiprocessing.get_context("spawn").Process):
    def __init__(self, name, shape, dtype, start, stop, factor, errors):
        super().__init__(name=f"scaler-{start}")
        self.order = name, shape, dtype, start, stop, factor
        self.errors = errors

    def run(self):
        name, shape, dtype, start, stop, factor = self.order
        block = shared_memory.SharedMemory(name=name)
        try:
            view = np.ndarray(shape, dtype, buffer=block.buf).reshape(-1)
            view[start:stop] *= factor
            del view
            self.errors.put(None)
        except Exception as error:
            self.errors.put(f"{type(error).__name__}: {error}")
            sys.exit(3)
        finally:
            block.close()


@contextlib.contextmanager
def block_of(size):
    block = shared_memory.SharedMemory(create=True, size=size)
    try:
        yield block
    finally:
        block.close()
        block.unlink()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    errors = multiprocessing.get_context("spawn").SimpleQueue()
    with block_of(array.nbytes) as block:
        view = np.ndarray(array.shape, array.dtype, buffer=block.buf)
        np.copyto(view, array)
        cuts = [array.size * i // workers for i in range(workers + 1)]
        children = [
            Scaler(block.name, array.shape, array.dtype, a, b, factor, errors)
            for a, b in zip(cuts, cuts[1:])
        ]
        for child in children:
            child.start()
        said = [errors.get() for _ in children]
        for child in children:
            child.join()
        result = view.copy()
        del view
    errors.close()
    if any(said):
        raise RuntimeError(next(filter(None, said)))
    return result
