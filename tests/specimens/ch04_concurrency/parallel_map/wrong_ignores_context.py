# wrong: always the platform's own start method  [test_start_methods]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if context not in multiprocessing.get_all_start_methods():
        raise ValueError(f"unknown context {context!r}")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    with multiprocessing.Pool(workers) as pool:
        return pool.map(function, items, chunksize)
