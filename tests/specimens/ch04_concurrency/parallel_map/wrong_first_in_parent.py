# wrong: times the first item in the calling process  [test_runs_in_worker_processes]
import multiprocessing
import time


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    items = list(items)
    if not items:
        return []
    ctx = multiprocessing.get_context(context)
    began = time.perf_counter()
    first = function(items[0])
    taken = time.perf_counter() - began
    if chunksize is None:
        chunksize = max(1, min(len(items) // 8, int(0.01 / max(taken, 1e-6))))
    with ctx.Pool(workers) as pool:
        return [first, *pool.map(function, items[1:], chunksize)]
