# wrong: submit(...).result() for one chunk at a time  [test_slow_items_run_at_once]
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context


def _all(function, chunk):
    return [function(x) for x in chunk]


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if chunksize is None:
        chunksize = 100
    if chunksize < 1:
        raise ValueError("chunksize")
    items, results = iter(items), []
    with ProcessPoolExecutor(workers, get_context(context)) as executor:
        while chunk := list(islice(items, chunksize)):
            results.extend(executor.submit(_all, function, chunk).result())
    return results
