# right: Pool.imap in chunks, results collected in a loop
import multiprocessing
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    ctx = multiprocessing.get_context(context)
    if workers is None:
        try:
            workers = len(os.sched_getaffinity(0))
        except AttributeError:
            workers = os.cpu_count()
    for value in (workers, chunksize):
        if value is not None and value < 1:
            raise ValueError(f"{value} is below 1")
    todo = tuple(items)
    size = chunksize or min(512, max(1, len(todo) // workers // 3))
    results = []
    with ctx.Pool(workers) as pool:
        for result in pool.imap(function, todo, chunksize=size):
            results.append(result)
        pool.close()
        pool.join()
    return results
