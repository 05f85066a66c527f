# wrong: a process for each item, all at once  [test_no_more_than_workers_at_once]
import multiprocessing


def _one(function, number, item, results):
    try:
        results.put((number, function(item), None))
    except Exception as error:
        results.put((number, None, error))


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    ctx = multiprocessing.get_context(context)
    results = ctx.SimpleQueue()
    started = []
    for number, item in enumerate(items):
        process = ctx.Process(target=_one, args=(function, number, item, results))
        process.start()
        started.append(process)
    out = [None] * len(started)
    failure = None
    for _ in started:
        number, value, error = results.get()
        out[number] = value
        failure = failure or error
    for process in started:
        process.join()
    if failure:
        raise failure
    return out
