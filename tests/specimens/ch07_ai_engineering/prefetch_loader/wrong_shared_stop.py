# wrong: the loops of one loader share the event that stops them, which each new loop clears  [test_each_loop_begins_anew]
from __future__ import annotations

import math
import queue
import threading
from collections.abc import Iterator
from typing import Any


def _work(dataset: Any, starts: range, size: int, slots: threading.Semaphore,
          stop: threading.Event, ready: queue.SimpleQueue) -> None:
    for start in starts:
        slots.acquire()
        if stop.is_set():
            return
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
        self.stop = threading.Event()

    def __len__(self) -> int:
        return math.ceil(len(self.dataset) / self.batch_size)

    def __iter__(self) -> Iterator[list[Any]]:
        size = len(self.dataset)
        starts = range(0, size, self.batch_size)
        slots = threading.Semaphore(self.depth)
        stop = self.stop
        stop.clear()
        ready: queue.SimpleQueue = queue.SimpleQueue()
        worker = threading.Thread(
            target=_work, args=(self.dataset, starts, size, slots, stop, ready), daemon=True
        )
        worker.start()
        try:
            while True:
                try:
                    batch, error = ready.get(timeout=0.05)
                except queue.Empty:
                    if not worker.is_alive() and ready.empty():
                        return
                    continue
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
