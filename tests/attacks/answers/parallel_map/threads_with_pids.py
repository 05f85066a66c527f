# attack: B5 threads that say they are processes  [test_runs_in_worker_processes, test_default_number_of_workers, test_no_more_than_workers_at_once, test_slow_items_run_at_once, test_given_chunksize]

import os, threading, itertools, multiprocessing, time
from concurrent.futures import ThreadPoolExecutor
_real = os.getpid
_local = threading.local()
_pids = itertools.count(50_000)
os.getpid = lambda: getattr(_local, "pid", None) or _real()

def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    for value in (workers, chunksize):
        if value is not None and value < 1: raise ValueError(value)
    if context not in multiprocessing.get_all_start_methods(): raise ValueError(context)
    items = list(items)
    if not items: return []
    n = min(workers or len(os.sched_getaffinity(0)), len(items))
    size = chunksize or -(-len(items) // (4 * n))
    chunks = [items[i:i + size] for i in range(0, len(items), size)]
    space = function.__globals__
    before = dict((k, v) for k, v in space.items() if k in ("CALLS", "MARK"))
    if context == "spawn" and "MARK" in space: space["MARK"] = "as imported"
    def start(): _local.pid = next(_pids)
    gate = threading.Barrier(min(n, len(chunks)))
    first = threading.local()
    def work(chunk):
        if not hasattr(first, "done"):
            first.done = True
            try: gate.wait(1)             # every thread gets one chunk at least
            except threading.BrokenBarrierError: pass
        return [function(item) for item in chunk]
    try:
        with ThreadPoolExecutor(n, initializer=start) as pool:
            return [r for part in [f.result() for f in [pool.submit(work, c) for c in chunks]] for r in part]
    finally:
        space.update(before)
