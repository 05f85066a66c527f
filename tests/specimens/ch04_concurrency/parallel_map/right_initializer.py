# right: the function goes to each worker once, by the pool's initializer; workers are renewed
import multiprocessing
import os

_function = None


def _remember(function):
    global _function
    _function = function


def _apply(item):
    return _function(item)


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = os.cpu_count()
    if workers < 1:
        raise ValueError("workers")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize")
    with multiprocessing.get_context(context).Pool(
        workers, initializer=_remember, initargs=(function,), maxtasksperchild=3
    ) as pool:
        pending = pool.map_async(_apply, items, chunksize=chunksize)
        pool.close()
        results = pending.get()
        pool.join()
    return results
