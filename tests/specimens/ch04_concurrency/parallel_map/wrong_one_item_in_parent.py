# wrong: a single item is not worth a pool, and runs in the caller  [test_no_more_than_workers_at_once]
import multiprocessing as mp
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if (workers is not None and workers < 1) or (chunksize is not None and chunksize < 1):
        raise ValueError(f"{workers} {chunksize}")
    ctx = mp.get_context(context)
    items = list(items)
    if not items:
        return []
    if len(items) == 1:
        return [function(items[0])]
    with ctx.Pool(workers or len(os.sched_getaffinity(0))) as pool:
        out = pool.map(function, items, chunksize)
        pool.close()
        pool.join()
    return out
