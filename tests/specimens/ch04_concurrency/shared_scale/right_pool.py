# right: a Pool whose initializer opens the block once for each worker; rows as parts
import multiprocessing as mp
from multiprocessing import shared_memory

import numpy as np

_open = {}


def _attach(name, shape, dtype):
    _open["block"] = shared_memory.SharedMemory(name)
    _open["array"] = np.ndarray(shape, dtype=dtype, buffer=_open["block"].buf)


def _times(job):
    rows, factor = job
    array = _open["array"][rows]
    np.multiply(array, factor, out=array)


def shared_scale(array, factor, workers=2):
    if workers <= 0:
        raise ValueError(f"{workers} workers")
    step = -(-len(array) // workers)
    rows = [slice(start, start + step) for start in range(0, len(array), step)]
    block = shared_memory.SharedMemory(create=True, size=array.nbytes)
    try:
        view = np.ndarray(array.shape, dtype=array.dtype, buffer=block.buf)
        np.copyto(view, array)
        shape = (block.name, array.shape, array.dtype.str)
        with mp.Pool(workers, initializer=_attach, initargs=shape) as pool:
            pool.map(_times, [(part, factor) for part in rows], chunksize=1)
        result = np.empty_like(view)
        result[:] = view
        del view
    finally:
        block.close()
        block.unlink()
    return result
