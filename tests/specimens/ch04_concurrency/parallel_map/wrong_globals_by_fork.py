# wrong: a global hands the function over, but not to a spawned worker  [test_start_methods]
import multiprocessing

_job = {}


def _run(place):
    return _job["function"](_job["items"][place])


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    _job["function"], _job["items"] = function, list(items)
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return pool.map(_run, range(len(_job["items"])), chunksize)
