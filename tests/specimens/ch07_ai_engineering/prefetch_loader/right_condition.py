# right: a deque under a condition; the producer counts what was handed over, and how it ended
from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Shelf:
    ready: deque[Any] = field(default_factory=deque)
    lock: threading.Condition = field(default_factory=threading.Condition)
    handed: int = 0
    closed: bool = False
    done: bool = False
    error: BaseException | None = None


def fill(dataset: Any, size: int, depth: int, shelf: Shelf) -> None:
    try:
        position, total, number = 0, len(dataset), 0
        while position < total:
            with shelf.lock:
                shelf.lock.wait_for(lambda: shelf.closed or number - shelf.handed < depth)  # noqa: B023
                if shelf.closed:
                    return
            batch = []
            while position < total and len(batch) < size:
                batch.append(dataset[position])
                position += 1
            number += 1
            with shelf.lock:
                shelf.ready.append(batch)
                shelf.lock.notify_all()
            del batch
    except BaseException as problem:
        shelf.error = problem
    finally:
        with shelf.lock:
            shelf.done = True
            shelf.lock.notify_all()


class PrefetchLoader:
    def __init__(self, dataset: Any, batch_size: int = 32, depth: int = 2) -> None:
        if min(batch_size, depth) < 1:
            raise ValueError("batch_size and depth are at least 1")
        self._given = dataset, batch_size, depth

    def __len__(self) -> int:
        dataset, size, _ = self._given
        return (len(dataset) + size - 1) // size

    def __iter__(self):
        shelf = Shelf()
        producer = threading.Thread(target=fill, args=(*self._given, shelf))
        producer.start()
        try:
            while True:
                with shelf.lock:
                    shelf.lock.wait_for(lambda: shelf.ready or shelf.done)
                    if not shelf.ready:
                        break
                    batch = shelf.ready.popleft()
                    shelf.handed += 1
                    shelf.lock.notify_all()
                yield batch
            if shelf.error is not None:
                raise shelf.error
        finally:
            with shelf.lock:
                shelf.closed = True
                shelf.lock.notify_all()
            producer.join()
