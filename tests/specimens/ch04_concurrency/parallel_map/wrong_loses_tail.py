# wrong: the items that do not fill a last chunk are lost  [test_any_iterable]
import multiprocessing
import os
from functools import partial


def _run(function, chunk):
    return [function(item) for item in chunk]


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = os.cpu_count()
    items = list(items)
    if chunksize is None:
        chunksize = max(1, len(items) // (workers or 1))
    if chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    chunks = list(zip(*[iter(items)] * chunksize))
    with multiprocessing.get_context(context).Pool(workers) as pool:
        parts = pool.map(partial(_run, function), chunks, 1)
    return [value for part in parts for value in part]
