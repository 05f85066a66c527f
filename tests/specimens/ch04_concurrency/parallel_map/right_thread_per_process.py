# right: a callable object; a thread drives each process over a pipe and takes the next chunk
import os
import threading
from multiprocessing import get_context
from multiprocessing.connection import wait


def _serve(connection, function):
    while (items := connection.recv()) is not None:
        try:
            connection.send(([function(item) for item in items], None))
        except Exception as error:
            connection.send((None, error))


class ParallelMap:
    def __call__(self, function, items, workers=None, chunksize=None, context="spawn"):
        ctx = get_context(context)
        for name, value in [("workers", workers), ("chunksize", chunksize)]:
            if value is not None and value < 1:
                raise ValueError(f"{name}={value}")
        items = list(items)
        workers = workers or len(os.sched_getaffinity(0))
        size = chunksize or max(1, len(items) // (4 * workers))
        starts = iter(range(0, len(items), size))
        lock = threading.Lock()
        results, errors = [None] * len(items), []

        def drive():
            ours, theirs = ctx.Pipe()
            process = ctx.Process(target=_serve, args=(theirs, function))
            process.start()
            while not errors:
                with lock:
                    start = next(starts, None)
                if start is None:
                    break
                ours.send(items[start : start + size])
                try:
                    if ours not in wait([ours, process.sentinel]):
                        raise EOFError
                    values, error = ours.recv()
                except EOFError:
                    values, error = None, RuntimeError("a worker died")
                if error is not None:
                    errors.append(error)
                else:
                    results[start : start + size] = values
            if process.is_alive():
                ours.send(None)
            process.join()

        threads = [threading.Thread(target=drive) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]
        return results


parallel_map = ParallelMap()
