# wrong: checks the chunksize and then forgets it  [test_given_chunksize]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    for value in (workers, chunksize):
        if value is not None and value < 1:
            raise ValueError(f"must be at least 1: {value}")
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return pool.map(function, items)
