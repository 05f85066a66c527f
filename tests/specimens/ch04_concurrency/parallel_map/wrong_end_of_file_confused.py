# wrong: takes an EOFError (or ConnectionError) that the function raised for the end of the worker's pipe, and raises RuntimeError  [test_error_reaches_the_caller]
from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable
from multiprocessing.connection import wait
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class WorkerDied(RuntimeError):
    pass


def _serve(function, conn):
    while True:
        chunk = conn.recv()
        if chunk is None:
            return
        try:
            answer = (True, [function(item) for item in chunk])
        except Exception as error:
            answer = (False, error)
        conn.send(answer)


def _receive(worker):
    process, conn = worker
    try:
        fine, answer = conn.recv()
        if not fine:
            raise answer
        return answer
    except (EOFError, ConnectionError):
        raise WorkerDied("a worker died") from None


def parallel_map(
    function: Callable[[T], R],
    items: Iterable[T],
    workers: int | None = None,
    chunksize: int | None = None,
    context: str = "spawn",
) -> list[R]:
    if workers is None:
        workers = len(os.sched_getaffinity(0))
    if workers < 1 or (chunksize is not None and chunksize < 1):
        raise ValueError("workers and chunksize must be at least 1")
    ctx = multiprocessing.get_context(context)  # a ValueError if there is none
    items = [*items]
    total = len(items)
    size = chunksize or max(1, total // (8 * workers))
    starts = iter(range(0, total, size))
    results: list = [None] * total
    team = []
    busy = {}

    def give(worker):
        start = next(starts, None)
        if start is None:
            busy.pop(worker[1], None)
            return
        busy[worker[1]] = (worker, start)
        try:
            worker[1].send(items[start : start + size])
        except OSError:
            raise WorkerDied("a worker died") from None

    try:
        for _ in range(min(workers, -(-total // size))):
            mine, theirs = ctx.Pipe()
            process = ctx.Process(target=_serve, args=(function, theirs), daemon=True)
            process.start()
            theirs.close()
            team.append((process, mine))
        for worker in team:
            give(worker)
        while busy:
            ready = wait([*busy, *(p.sentinel for p, _ in team)])
            conns = [c for c in ready if c in busy]
            if not conns:
                raise WorkerDied("a worker died")
            for conn in conns:
                worker, start = busy[conn]
                answer = _receive(worker)
                results[start : start + size] = answer
                give(worker)
        return results
    finally:
        for process, conn in team:
            process.kill()
        for process, conn in team:
            process.join()
            process.close()
            conn.close()
