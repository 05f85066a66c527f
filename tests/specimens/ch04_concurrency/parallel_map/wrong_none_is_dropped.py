# wrong: takes None for "no result"  [test_any_items_and_results]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return [r for r in pool.map(function, items, chunksize) if r is not None]
