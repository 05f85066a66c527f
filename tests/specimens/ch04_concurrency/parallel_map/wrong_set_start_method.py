# wrong: changes the start method of the whole program  [test_start_methods]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    multiprocessing.set_start_method(context, force=True)
    with multiprocessing.Pool(workers) as pool:
        return pool.map(function, items, chunksize)
