# wrong: after an exception it does not wait for workers that are busy  [test_no_process_is_left]
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = len(os.sched_getaffinity(0))
    if workers <= 0:
        raise ValueError(f"workers={workers}")
    items = list(items)
    if chunksize is None:
        chunksize = max(1, len(items) // (workers * 8))
    executor = ProcessPoolExecutor(max_workers=workers, mp_context=get_context(context))
    try:
        results = list(executor.map(function, items, chunksize=chunksize))
    except Exception:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()
    return results
