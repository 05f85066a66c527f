# wrong: a pool of threads  [test_runs_in_worker_processes]
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    get_context(context)
    if chunksize is not None and chunksize < 1:
        raise ValueError(f"chunksize must be at least 1, not {chunksize}")
    with ThreadPoolExecutor(workers) as executor:
        return list(executor.map(function, items))
