# wrong: without `workers` there is only one  [test_default_number_of_workers]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = 1
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return pool.map(function, items, chunksize)
