# wrong: children read the block, but send their products back  [test_bytes_do_not_travel]
from multiprocessing import Process, Queue
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, size, dtype, factor, number, workers, done):
    block = SharedMemory(name=name)
    part = np.array_split(np.ndarray(size, dtype, block.buf), workers)[number]
    try:
        done.put((number, part * dtype.type(factor)))
    except Exception as error:
        done.put((number, error))


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    block = SharedMemory(create=True, size=array.nbytes)
    try:
        np.ndarray(array.shape, array.dtype, block.buf)[...] = array
        done = Queue()
        for number in range(workers):
            job = (block.name, array.size, array.dtype, factor, number, workers, done)
            Process(target=_work, args=job).start()
        parts = dict(done.get() for _ in range(workers))
    finally:
        block.close()
        block.unlink()
    for part in parts.values():
        if isinstance(part, Exception):
            raise part
    return np.concatenate([parts[n] for n in range(workers)]).reshape(array.shape)
