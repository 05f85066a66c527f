# wrong: set_start_method can be called only once in a program  [test_start_methods]
import multiprocessing as mp
from concurrent.futures import ProcessPoolExecutor


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if mp.get_start_method(allow_none=True) != context:
        mp.set_start_method(context)
    items = list(items)
    if chunksize is None:
        chunksize = len(items) // 8 or 1
    with ProcessPoolExecutor(workers) as executor:
        return list(executor.map(function, items, chunksize=chunksize))
