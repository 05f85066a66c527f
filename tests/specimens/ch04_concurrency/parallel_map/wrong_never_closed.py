# wrong: the pool is never closed  [test_no_process_is_left]
from multiprocessing import get_context


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    pool = get_context(context).Pool(workers)
    return pool.map(function, items, chunksize)
