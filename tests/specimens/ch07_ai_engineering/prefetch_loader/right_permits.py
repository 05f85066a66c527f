# right: permits in one queue, batches in another, and a Thread subclass between them
from __future__ import annotations

import logging
import queue
import threading

logging.getLogger(__name__).addHandler(logging.NullHandler())


class Permits(queue.SimpleQueue):
    def grant(self, n=1):
        for _ in range(n):
            self.put(True)

    def revoke(self):
        self.put(False)


class Loading(threading.Thread):
    def __init__(self, dataset, size, permits, batches):
        super().__init__(daemon=True, name="prefetch")
        self.dataset, self.size, self.permits, self.batches = dataset, size, permits, batches
        self.ended = threading.Event()

    def run(self):
        try:
            for first in range(0, len(self.dataset), self.size):
                if not self.permits.get() or self.ended.is_set():
                    return
                last = min(first + self.size, len(self.dataset))
                self.batches.put(([self.dataset[i] for i in range(first, last)], None))
            self.batches.put((None, None))
        except BaseException as error:
            self.batches.put((None, error))
        finally:
            del self.dataset


class PrefetchLoader:
    def __init__(self, dataset, batch_size=32, depth=2):
        for name, value in (("batch_size", batch_size), ("depth", depth)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, got {value}")
        self.dataset, self.batch_size, self.depth = dataset, batch_size, depth

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        permits, batches = Permits(), queue.SimpleQueue()
        thread = Loading(self.dataset, self.batch_size, permits, batches)
        permits.grant(self.depth + 1)
        thread.start()
        try:
            while True:
                batch, error = batches.get()
                if error is not None:
                    raise error
                if batch is None:
                    return
                yield batch
                del batch
                permits.grant()
        finally:
            thread.ended.set()
            permits.revoke()
            thread.join()
