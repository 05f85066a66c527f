# wrong: pool.apply in a loop waits for each item  [test_slow_items_run_at_once]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be positive")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be positive")
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return [pool.apply(function, (item,)) for item in items]
