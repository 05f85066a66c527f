# right: Process and two queues by hand, chunks under their number, errors sent as such
import os
import queue
from multiprocessing import get_all_start_methods, get_context


def _worker(function, tasks, results):
    while True:
        task = tasks.get()
        if task is None:
            break
        number, chunk = task
        try:
            results.put((number, True, [function(item) for item in chunk]))
        except Exception as error:
            results.put((number, False, error))


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if context not in get_all_start_methods():
        raise ValueError(f"unknown context {context!r}")
    if workers is not None and workers < 1:
        raise ValueError(f"workers: {workers!r}")
    if chunksize is not None and chunksize < 1:
        raise ValueError(f"chunksize: {chunksize!r}")
    workers = workers or len(os.sched_getaffinity(0))
    items = list(items)
    if chunksize is None:
        chunksize = max(1, len(items) // (4 * workers))
    chunks = [items[i : i + chunksize] for i in range(0, len(items), chunksize)]
    ctx = get_context(context)
    tasks, results = ctx.Queue(), ctx.Queue()
    for pair in enumerate(chunks):
        tasks.put(pair)
    for _ in range(workers):
        tasks.put(None)
    processes = [
        ctx.Process(target=_worker, args=(function, tasks, results)) for _ in range(workers)
    ]
    done = {}
    try:
        for process in processes:
            process.start()
        while len(done) < len(chunks):
            try:
                number, good, value = results.get(timeout=0.2)
            except queue.Empty:
                if any(p.exitcode for p in processes):
                    raise RuntimeError("a worker died") from None
                continue
            if not good:
                raise value
            done[number] = value
    except BaseException:
        for process in processes:
            process.terminate()
        raise
    finally:
        tasks.cancel_join_thread()
        for process in processes:
            if process.pid is not None:
                process.join()
    return [value for number in range(len(chunks)) for value in done[number]]
