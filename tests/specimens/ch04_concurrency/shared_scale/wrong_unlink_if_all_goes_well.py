# wrong: unlinks after the work, which an exception never gets to  [test_failure_of_a_child]
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _work(name, size, dtype, factor, number, workers):
    block = SharedMemory(name=name)
    part = np.array_split(np.ndarray(size, dtype, block.buf), workers)[number]
    part *= factor
    block.close()


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers")
    block = SharedMemory(create=True, size=array.nbytes)
    view = np.ndarray(array.shape, array.dtype, block.buf)
    view[...] = array
    job = (_work, block.name, array.size, array.dtype, factor)
    with ProcessPoolExecutor(workers) as pool:
        futures = [pool.submit(*job, number, workers) for number in range(workers)]
        for future in futures:
            future.result()
    result = view.copy()
    block.close()
    block.unlink()
    return result
