# wrong: ProcessPoolExecutor.map sends the items one by one  [test_tiny_items_travel_in_chunks]
import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if chunksize is None:
        chunksize = 1
    context = multiprocessing.get_context(context)
    with ProcessPoolExecutor(workers, mp_context=context) as executor:
        return list(executor.map(function, items, chunksize=chunksize))
