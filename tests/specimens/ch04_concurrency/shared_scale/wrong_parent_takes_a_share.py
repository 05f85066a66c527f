# wrong: the calling process takes a share of its own  [test_children_do_the_work]
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _child(name, shape, dtype, start, stop, factor):
    shm = SharedMemory(name=name)
    try:
        a = np.ndarray(shape, dtype, buffer=shm.buf).reshape(-1)
        a[start:stop] *= factor
        del a
    finally:
        shm.close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    shm = SharedMemory(create=True, size=max(1, array.nbytes))
    try:
        view = np.ndarray(array.shape, array.dtype, buffer=shm.buf)
        view[...] = array
        edges = [array.size // (workers + 1) * i for i in range(workers + 1)]
        procs = [
            Process(
                target=_child,
                args=(shm.name, array.shape, array.dtype, edges[i], edges[i + 1], factor),
            )
            for i in range(workers)
        ]
        for p in procs:
            p.start()
        view.reshape(-1)[edges[-1] :] *= factor
        for p in procs:
            p.join()
        if any(p.exitcode for p in procs):
            raise RuntimeError("a child failed")
        result = view.copy()
        del view
        return result
    finally:
        shm.close()
        shm.unlink()
