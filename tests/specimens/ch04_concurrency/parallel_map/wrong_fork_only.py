# wrong: the workers run a nested function, which only a fork can hand on  [test_start_methods]
import multiprocessing
import os


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    items = list(items)
    workers = workers or os.cpu_count()
    size = chunksize or max(1, len(items) // (workers * 4))
    ctx = multiprocessing.get_context(context)
    results, turn = ctx.Queue(), ctx.Value("i", 0)

    def work():
        while True:
            with turn.get_lock():
                start = turn.value
                turn.value += size
            if start >= len(items):
                return
            try:
                results.put((start, [function(item) for item in items[start : start + size]]))
            except Exception as error:
                results.put((start, error))

    processes = [ctx.Process(target=work) for _ in range(workers)]
    for process in processes:
        process.start()
    out, failure = [None] * len(items), None
    for _ in range(0, len(items), size):
        start, values = results.get()
        if isinstance(values, Exception):
            failure = values
        else:
            out[start : start + size] = values
    for process in processes:
        process.join()
    if failure is not None:
        raise failure
    return out
