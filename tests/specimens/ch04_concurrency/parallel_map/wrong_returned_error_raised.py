# wrong: takes a returned exception for a raised one  [test_any_items_and_results]
import multiprocessing
import os


def _run(job):
    function, chunk = job
    out = []
    for item in chunk:
        try:
            out.append(function(item))
        except Exception as error:
            out.append(error)
    return out


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is None:
        workers = os.cpu_count()
    items = list(items)
    if chunksize is None:
        chunksize = max(1, len(items) // 8)
    if chunksize < 1 or workers < 1:
        raise ValueError("must be at least 1")
    jobs = [(function, items[i : i + chunksize]) for i in range(0, len(items), chunksize)]
    with multiprocessing.get_context(context).Pool(workers) as pool:
        results = [value for part in pool.map(_run, jobs, 1) for value in part]
    for value in results:
        if isinstance(value, Exception):
            raise value
    return results
