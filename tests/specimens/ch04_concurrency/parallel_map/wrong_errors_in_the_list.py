# wrong: exceptions become results  [test_error_reaches_the_caller]
import functools
import multiprocessing


def _guarded(function, item):
    try:
        return function(item)
    except Exception as error:
        return error


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return pool.map(functools.partial(_guarded, function), items, chunksize)
