# right: a context manager for the block, and futures of a ProcessPoolExecutor
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing.shared_memory import SharedMemory

import numpy as np


@contextmanager
def block_view(shape, dtype, name=None):
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    block = SharedMemory(create=True, size=size) if name is None else SharedMemory(name=name)
    try:
        yield np.ndarray(shape, dtype=dtype, buffer=block.buf), block.name
    finally:
        block.close()
        if name is None:
            block.unlink()


def scale_part(name, shape, dtype, factor, number, of):
    with block_view(shape, dtype, name) as (view, _):
        flat = view.reshape(-1)
        for part in np.array_split(flat, of)[number : number + 1]:
            part[:] = part * factor


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError(f"workers={workers}")
    with block_view(array.shape, array.dtype) as (view, name):
        view[...] = array
        with ProcessPoolExecutor(max_workers=workers) as pool:
            job = (scale_part, name, array.shape, array.dtype, factor)
            futures = [pool.submit(*job, number, workers) for number in range(workers)]
            wait(futures)
            for future in futures:
                future.result()
        return np.array(view)
