# wrong: no items, a pool of no workers  [test_no_items]
import multiprocessing
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    items = list(items)
    count = min(len(items), workers or os.cpu_count())
    with multiprocessing.get_context(context).Pool(count) as pool:
        return pool.map(function, items, chunksize)
