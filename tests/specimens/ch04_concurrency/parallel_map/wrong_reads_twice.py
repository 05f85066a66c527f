# wrong: counts the items of an iterator and has none left  [test_any_iterable]
import multiprocessing
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    workers = os.cpu_count() if workers is None else workers
    count = sum(1 for _ in items)
    if workers < 1 or (chunksize is not None and chunksize < 1):
        raise ValueError("workers and chunksize must be at least 1")
    if chunksize is None:
        chunksize = max(1, count // (workers * 4))
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return pool.map(function, items, chunksize)
