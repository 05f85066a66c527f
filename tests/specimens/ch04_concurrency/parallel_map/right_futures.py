# right: a future for each chunk, sorted into place as they complete
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context


def _apply(function, chunk):
    results = []
    for item in chunk:
        results.append(function(item))
    return results


def _cut(items, size):
    return [items[i * size : (i + 1) * size] for i in range(-(-len(items) // size))]


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and not workers >= 1:
        raise ValueError("workers must be >= 1: %s" % workers)
    if chunksize is not None and not chunksize >= 1:
        raise ValueError("chunksize must be >= 1: %s" % chunksize)
    context = get_context(context)
    items = list(items)
    if len(items) == 0:
        return []
    workers = min(workers or len(os.sched_getaffinity(0)), len(items))
    size = chunksize or max(1, min(1000, len(items) // (3 * workers)))
    results = [None] * len(items)
    executor = ProcessPoolExecutor(workers, context)
    try:
        places = {}
        for number, chunk in enumerate(_cut(items, size)):
            places[executor.submit(partial(_apply, function), chunk)] = number * size
        for future in as_completed(places):
            values = future.result()
            start = places[future]
            results[start : start + len(values)] = values
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
    return results
