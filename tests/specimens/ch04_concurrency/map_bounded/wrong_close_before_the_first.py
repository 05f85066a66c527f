# wrong: close() before the first result does nothing: the next next() goes on as if it were open  [test_close_cancels]
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Window(Iterator):
    def __init__(self, executor, function, items, size):
        self._submit = executor.submit
        self._function = function
        self._items = iter(items)
        self._size = size
        self._window = {}
        self._first = 0  # the number of the next result
        self._next = 0  # the number of the next item
        self._more = True
        self._failed = False
        self._fill()

    def _fill(self):
        while self._more and self._next < self._first + self._size:
            try:
                item = next(self._items)
            except StopIteration:
                self._more = False
                return
            except BaseException:
                self._failed = True
                self.close()
                raise
            try:
                self._window[self._next] = self._submit(self._function, item)
            except BaseException:
                self._failed = True
                self.close()
                raise
            self._next += 1

    def __next__(self):
        if self._first == self._next:
            raise StopIteration
        try:
            result = self._window[self._first].result()
        except BaseException:
            del self._window[self._first]
            self._failed = True
            self.close()
            raise
        del self._window[self._first]
        self._first += 1
        self._fill()
        return result

    def close(self):
        if self._first == 0 and self._more and not self._failed:
            return
        self._more = False
        self._first = self._next
        self._items = None
        while self._window:
            self._window.popitem()[1].cancel()


def map_bounded(
    executor: Executor, function: Callable[[T], R], items: Iterable[T], buffersize: int
) -> Iterator[R]:
    if buffersize < 1:
        raise ValueError("buffersize must be 1 or more")
    return _Window(executor, function, items, buffersize)
