# wrong: keeps its pools for the next call and never ends them  [test_no_process_is_left]
import multiprocessing

_pools = {}


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    key = workers, context
    if key not in _pools:
        _pools[key] = multiprocessing.get_context(context).Pool(workers)
    return _pools[key].map(function, items, chunksize)
