# right: queue and results live in a manager process, workers help themselves
import multiprocessing
import os
import queue


def _help_yourself(function, tasks, done):
    while True:
        try:
            number, chunk = tasks.get_nowait()
        except queue.Empty:
            return
        try:
            done[number] = True, [function(item) for item in chunk]
        except Exception as error:
            done[number] = False, error


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be at least 1: {workers}")
    if chunksize is not None and chunksize < 1:
        raise ValueError(f"chunksize must be at least 1: {chunksize}")
    ctx = multiprocessing.get_context(context)
    items = list(items)
    workers = workers or len(os.sched_getaffinity(0))
    size = chunksize or -(-len(items) // workers // 2) or 1
    chunks = [items[i : i + size] for i in range(0, len(items), size)]
    with ctx.Manager() as manager:
        tasks, done = manager.Queue(), manager.dict()
        for task in enumerate(chunks):
            tasks.put(task)
        team = [
            ctx.Process(target=_help_yourself, args=(function, tasks, done))
            for _ in range(workers)
        ]
        for process in team:
            process.start()
        for process in team:
            process.join()
        answers = dict(done)
    results = []
    for number in range(len(chunks)):
        good, value = answers[number]
        if not good:
            raise value
        results.extend(value)
    return results
