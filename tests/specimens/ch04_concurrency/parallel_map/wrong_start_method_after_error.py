# wrong: sets the program's start method, and puts it back if all goes well  [test_start_methods]
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_start_method, set_start_method


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = len(os.sched_getaffinity(0))
    if workers <= 0:
        raise ValueError(f"workers={workers}")
    items = list(items)
    if chunksize is None:
        chunksize = max(1, len(items) // (workers * 8))
    before = get_start_method(allow_none=True)
    set_start_method(context, force=True)
    with ProcessPoolExecutor(max_workers=workers) as executor:
        results = list(executor.map(function, items, chunksize=chunksize))
    set_start_method(before, force=True)
    return results
