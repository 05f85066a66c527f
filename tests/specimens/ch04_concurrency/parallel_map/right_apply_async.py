# right: apply_async for each chunk, all handed out before the first get
import math
import multiprocessing
import os
from contextlib import closing


def _run(function, part):
    return list(map(function, part))


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    n = os.cpu_count() if workers is None else workers
    if n < 1 or (chunksize is not None and chunksize < 1):
        raise ValueError("workers and chunksize must be positive")
    items = [*items]
    if chunksize is None:
        chunksize = math.ceil(len(items) / n) or 1
    out = []
    with closing(multiprocessing.get_context(context).Pool(n)) as pool:
        try:
            waiting = []
            for i in range(0, len(items), chunksize):
                waiting.append(pool.apply_async(_run, (function, items[i : i + chunksize])))
            for result in waiting:
                out += result.get()
        except BaseException:
            pool.terminate()
            raise
    pool.join()
    return out
