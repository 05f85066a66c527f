# wrong: `or` takes 0 for "not given"  [test_arguments_are_checked]
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    workers = workers or os.cpu_count()
    items = list(items)
    chunksize = chunksize or len(items) // (4 * workers) or 1
    with ProcessPoolExecutor(workers, get_context(context)) as executor:
        return list(executor.map(function, items, chunksize=chunksize))
