# wrong: the block holds float64, and the result is cast back  [test_bytes_do_not_travel]
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
    n, m = array.size, SharedMemory(create=True, size=array.size * 8)
    a = np.ndarray(array.shape, np.float64, m.buf)
    try:
        a[...] = array
        ps = [
            mp.Process(
                target=_w,
                args=(m.name, a.dtype, n, n * i // workers, n * (i + 1) // workers, factor),
            )
            for i in range(workers)
        ]
        [p.start() for p in ps]
        [p.join() for p in ps]
        if any(p.exitcode for p in ps):
            raise RuntimeError
        return a.astype(array.dtype)
    finally:
        del a
        m.close()
        m.unlink()
