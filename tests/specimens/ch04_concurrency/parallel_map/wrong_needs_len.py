# wrong: asks a generator for its length  [test_any_iterable]
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = os.cpu_count()
    if workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is None:
        chunksize = max(1, len(items) // (workers * 4))
    with ProcessPoolExecutor(workers, get_context(context)) as executor:
        return list(executor.map(function, items, chunksize=chunksize))
