# wrong: always as many workers as cores, or two  [test_no_more_than_workers_at_once]
import multiprocessing
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    with multiprocessing.get_context(context).Pool(max(2, os.cpu_count())) as pool:
        return pool.map(function, items, chunksize)
