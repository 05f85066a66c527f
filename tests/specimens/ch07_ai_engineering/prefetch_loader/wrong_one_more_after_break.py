# wrong: looks whether to stop before it waits for a slot, not after: woken up by the end of the loop, it loads one batch more  [test_no_thread_is_left]
from __future__ import annotations

import math
import queue
import threading
from collections.abc import Iterator
from typing import Any


def _work(dataset: Any, starts: range, size: int, slots: threading.Semaphore,
          stop: threading.Event, ready: queue.SimpleQueue) -> None:
    for start in starts:
        if stop.is_set():
            return
        slots.acquire()
        try:
            batch = [dataset[i] for i in range(start, min(start + starts.step, size))]
        except Exception as error:
            ready.put((None, error))
            return
        ready.put((batch, None))
        del batch
    ready.put((None, None))


class PrefetchLoader:
    def __init__(self, dataset: Any, batch_size: int = 32, depth: int = 2) -> None:
        if batch_size < 1 or depth < 1:
            raise ValueError("batch_size and depth must be 1 or more")
        self.dataset = dataset
        self.batch_size = batch_size
        self.depth = depth

    def __len__(self) -> int:
        return math.ceil(len(self.dataset) / self.batch_size)

    def __iter__(self) -> Iterator[list[Any]]:
        size = len(self.dataset)
        starts = range(0, size, self.batch_size)
        slots = threading.Semaphore(self.depth)
        stop = threading.Event()
        ready: queue.SimpleQueue = queue.SimpleQueue()
        worker = threading.Thread(
            target=_work, args=(self.dataset, starts, size, slots, stop, ready), daemon=True
        )
        worker.start()
        try:
            while True:
                batch, error = ready.get()
                if error is not None:
                    raise error
                if batch is None:
                    return
                slots.release()
                yield batch
                del batch
        finally:
            error = None
            stop.set()
            slots.release()
