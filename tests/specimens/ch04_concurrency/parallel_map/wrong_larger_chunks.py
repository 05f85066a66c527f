# wrong: a given chunksize is only the least that a worker takes  [test_given_chunksize]
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    items = list(items)
    if workers is None:
        workers = os.cpu_count() or 1
    if workers < 1:
        raise ValueError(f"workers must be at least 1, got {workers}")
    if chunksize is None:
        chunksize = max(1, len(items) // (workers * 4))
    if chunksize < 1:
        raise ValueError(f"chunksize must be at least 1, got {chunksize}")
    chunksize = max(chunksize, len(items) // (workers * 4))
    if not items:
        return []
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(context)) as pool:
        return list(pool.map(function, items, chunksize=chunksize))
