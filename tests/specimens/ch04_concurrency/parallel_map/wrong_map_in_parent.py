# wrong: starts a pool but maps in the calling process  [test_runs_in_worker_processes]
from multiprocessing import get_context


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if (workers is not None and workers < 1) or (chunksize is not None and chunksize < 1):
        raise ValueError("below 1")
    with get_context(context).Pool(workers):
        return list(map(function, items))
