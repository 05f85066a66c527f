# wrong: Pool.map takes a chunksize of 0 and returns a list of None  [test_arguments_are_checked]
import multiprocessing
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = os.cpu_count()
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return pool.map(function, items, chunksize)
