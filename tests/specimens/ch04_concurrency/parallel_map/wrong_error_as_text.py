# wrong: workers send an exception as text only  [test_error_reaches_the_caller]
import multiprocessing
import os


def _run(job):
    function, chunk = job
    try:
        return "good", [function(item) for item in chunk]
    except Exception as error:
        return "bad", repr(error)


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    workers = workers or os.cpu_count()
    items = list(items)
    size = max(1, len(items) // (2 * workers)) if chunksize is None else chunksize
    if size < 1:
        raise ValueError("chunksize must be at least 1")
    jobs = [(function, items[i : i + size]) for i in range(0, len(items), size)]
    found = []
    with multiprocessing.get_context(context).Pool(workers) as pool:
        for how, value in pool.map(_run, jobs, 1):
            if how == "bad":
                raise Exception(value)
            found += value
    return found
