# wrong: chunks of 1000 however few items there are  [test_runs_in_worker_processes]
import multiprocessing


def parallel_map(function, items, workers=None, chunksize=1000, context="spawn"):
    chunksize = 1000 if chunksize is None else chunksize
    if chunksize < 1 or (workers is not None and workers < 1):
        raise ValueError("workers and chunksize must be at least 1")
    with multiprocessing.get_context(context).Pool(workers) as pool:
        return pool.map(function, items, chunksize)
