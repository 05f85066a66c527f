# wrong: a multiprocessing.Pool, which waits for ever for a worker that was killed  [test_worker_that_dies]
import multiprocessing as mp
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be 1 or more, got %r" % (workers,))
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be 1 or more, got %r" % (chunksize,))
    pool = mp.get_context(context).Pool(processes=workers or len(os.sched_getaffinity(0)))
    try:
        return pool.map(function, items, chunksize=chunksize)
    finally:
        pool.close()
        pool.join()
