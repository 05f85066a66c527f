# wrong: returns the iterator of imap  [test_maps_a_list]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    pool = multiprocessing.get_context(context).Pool(workers)
    return pool.imap(function, items, chunksize or 32)
