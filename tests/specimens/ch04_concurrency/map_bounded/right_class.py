# right: an iterator class with a close of its own, which begins at once
from __future__ import annotations

from concurrent.futures import Executor, Future
from queue import SimpleQueue


class _BoundedMap:
    def __init__(self, executor: Executor, function, items, buffersize: int):
        self._submit = executor.submit
        self._function = function
        self._source = iter(items)
        self._line: SimpleQueue[Future] = SimpleQueue()
        try:
            for _ in range(buffersize):
                self._take_one()
        except BaseException:
            self.close()
            raise

    def _take_one(self) -> None:
        for item in self._source:
            self._line.put(self._submit(self._function, item))
            break

    def __iter__(self):
        return self

    def __next__(self):
        if self._line.empty():
            raise StopIteration
        future = self._line.get()
        try:
            self._take_one()
            return future.result()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._source = iter(())
        while not self._line.empty():
            self._line.get().cancel()


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize={buffersize!r} leaves no room for any item")
    return _BoundedMap(executor, function, items, buffersize)
