# wrong: mends unusable arguments in silence  [test_arguments_are_checked]
import multiprocessing
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if context not in ("spawn", "fork", "forkserver"):
        context = "spawn"
    workers = max(1, os.cpu_count() if workers is None else workers)
    if chunksize is not None:
        chunksize = max(1, chunksize)
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return pool.map(function, items, chunksize)
