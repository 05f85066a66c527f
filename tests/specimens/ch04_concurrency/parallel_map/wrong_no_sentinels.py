# wrong: workers wait for more for ever, nobody tells them to end  [test_no_process_is_left]
import os
from multiprocessing import get_context


def _serve(function, tasks, results):
    while True:
        place, chunk = tasks.get()
        try:
            results.put((place, [function(x) for x in chunk], None))
        except Exception as error:
            results.put((place, [], error))


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if chunksize is not None and chunksize < 1:
        raise ValueError("chunksize must be at least 1")
    ctx = get_context(context)
    tasks, results = ctx.SimpleQueue(), ctx.Queue()
    items = list(items)
    workers = workers or os.cpu_count()
    size = chunksize or max(1, len(items) // (workers * 4))
    for _ in range(workers):
        ctx.Process(target=_serve, args=(function, tasks, results), daemon=True).start()
    places = range(0, len(items), size)
    for place in places:
        tasks.put((place, items[place : place + size]))
    out = [None] * len(items)
    for _ in places:
        place, values, error = results.get()
        if error is not None:
            raise error
        out[place : place + size] = values
    return out
