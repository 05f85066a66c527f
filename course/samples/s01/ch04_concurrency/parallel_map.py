import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = len(os.sched_getaffinity(0))
    if workers <= 0:
        raise ValueError(f"workers={workers}")
    items = list(items)
    if chunksize is None:
        chunksize = max(1, len(items) // (workers * 8))
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context(context)) as executor:
        return list(executor.map(function, items, chunksize=chunksize))
