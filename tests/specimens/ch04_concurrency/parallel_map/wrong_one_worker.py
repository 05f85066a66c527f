# wrong: a pool of one  [test_runs_in_worker_processes]
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def parallel_map(function, items, workers=1, chunksize=50, context="spawn"):
    if chunksize is None:
        chunksize = 50
    if workers is not None and workers < 1:
        raise ValueError("workers")
    with ProcessPoolExecutor(1, mp_context=get_context(context)) as executor:
        return list(executor.map(function, items, chunksize=chunksize))
