# wrong: join() before the queue is read waits for ever once results are large  [test_large_results]
import os
from multiprocessing import get_context


def _share(function, part, results):
    for start, chunk in part:
        try:
            results.put((start, [function(item) for item in chunk], None))
        except Exception as error:
            results.put((start, None, error))


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    ctx = get_context(context)
    if workers is None:
        workers = os.cpu_count()
    items = list(items)
    size = chunksize if chunksize is not None else max(1, len(items) // (workers * 4 or 1))
    if workers < 1 or size < 1:
        raise ValueError("workers and chunksize must be at least 1")
    chunks = [(i, items[i : i + size]) for i in range(0, len(items), size)]
    results = ctx.Queue()
    processes = [
        ctx.Process(target=_share, args=(function, chunks[k::workers], results))
        for k in range(workers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    out = [None] * len(items)
    for _ in chunks:
        start, values, error = results.get()
        if error is not None:
            raise error
        out[start : start + size] = values
    return out
