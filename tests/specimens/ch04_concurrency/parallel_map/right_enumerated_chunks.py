# right: chunks with their numbers go to a pipe each, pickled by the child itself
from __future__ import annotations

import itertools
import math
import multiprocessing as mp
import os
import pickle
from collections.abc import Callable, Iterable
from multiprocessing import connection
from typing import Any


def serve(pipe, function: Callable[[Any], Any]) -> None:
    with pipe:
        while (job := pipe.recv()) is not None:
            number, chunk = job
            try:
                answer = number, True, [function(item) for item in chunk]
                data = pickle.dumps(answer)
            except BaseException as error:
                data = pickle.dumps((number, False, error))
            pipe.send_bytes(data)


def parallel_map(
    function: Callable[[Any], Any],
    items: Iterable[Any],
    workers: int | None = None,
    chunksize: int | None = None,
    context: str = "spawn",
) -> list[Any]:
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if workers < 1 or (chunksize is not None and chunksize < 1):
        raise ValueError(f"workers and chunksize must be positive: {workers}, {chunksize}")
    ctx = mp.get_context(context)
    rows = list(items)
    if not rows:
        return []
    size = chunksize or max(1, math.ceil(len(rows) / (workers * 4)))
    chunks = enumerate(rows[i : i + size] for i in range(0, len(rows), size))
    results: dict[int, list[Any]] = {}
    children = {}
    try:
        for _ in range(workers):
            here, there = ctx.Pipe()
            child = ctx.Process(target=serve, args=(there, function))
            child.start()
            there.close()
            children[here] = child
        busy = set()
        for pipe, job in zip(list(children), chunks):
            pipe.send(job)
            busy.add(pipe)
        while busy:
            for pipe in connection.wait(list(busy)):
                number, good, value = pickle.loads(pipe.recv_bytes())
                if not good:
                    raise value
                results[number] = value
                job = next(chunks, None)
                if job is None:
                    busy.discard(pipe)
                else:
                    pipe.send(job)
        for pipe in children:
            pipe.send(None)
    except BaseException:
        for child in children.values():
            child.terminate()
        raise
    finally:
        for pipe, child in children.items():
            child.join()
            child.close()
            pipe.close()
    return [*itertools.chain.from_iterable(results[n] for n in sorted(results))]
