# wrong: close and join stand after map, where an exception never comes  [test_no_process_is_left]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    pool = multiprocessing.get_context(context).Pool(workers)
    results = pool.map(function, items, chunksize)
    pool.close()
    pool.join()
    return results
