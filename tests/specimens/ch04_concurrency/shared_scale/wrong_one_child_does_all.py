# wrong: the first child multiplies everything, the others nothing  [test_children_do_the_work]
import multiprocessing as mp
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _w(name, dtype, n, lo, hi, factor):
    m = SharedMemory(name)
    a = np.ndarray(n, dtype, m.buf)
    a[lo:hi] *= factor
    del a
    m.close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError(workers)
    n, m = array.size, SharedMemory(create=True, size=array.nbytes)
    a = np.ndarray(array.shape, array.dtype, m.buf)
    try:
        a[...] = array
        ps = [mp.Process(target=_w, args=(m.name, array.dtype, n, 0, n, factor))]
        ps += [
            mp.Process(target=_w, args=(m.name, array.dtype, n, n, n, factor))
            for i in range(workers - 1)
        ]
        [p.start() for p in ps]
        [p.join() for p in ps]
        if any(p.exitcode for p in ps):
            raise RuntimeError
        return a.copy()
    finally:
        del a
        m.close()
        m.unlink()
