# wrong: imap_unordered gives the order of completion  [test_order_of_the_items]
import multiprocessing
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    workers = os.cpu_count() if workers is None else workers
    items = list(items)
    if chunksize is None:
        chunksize = max(1, len(items) // (workers * 4)) if workers > 0 else 1
    if chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return list(pool.imap_unordered(function, items, chunksize))
