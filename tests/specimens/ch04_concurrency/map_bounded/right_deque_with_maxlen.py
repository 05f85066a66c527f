# right: an iterator class on a deque with maxlen, filled by islice
from __future__ import annotations

import collections
import itertools
from concurrent.futures import Executor, Future


class Stream(collections.abc.Iterator):
    def __init__(self, executor: Executor, function, items, buffersize: int):
        self._submit = executor.submit
        self._function = function
        self._items = iter(items)
        self._flying: collections.deque[Future] = collections.deque(maxlen=buffersize)
        self._over = False
        self._broken = None

    def _fill(self):
        room = self._flying.maxlen - len(self._flying)
        if self._over or not room:
            return
        try:
            for item in itertools.islice(self._items, room):
                self._flying.append(self._submit(self._function, item))
        except BaseException as error:
            self._over = True
            self._broken = error

    def __iter__(self):
        return self

    def __next__(self):
        self._fill()
        if not self._flying:
            self._over, broken, self._broken = True, self._broken, None
            if broken is not None:
                raise broken
            raise StopIteration
        future = self._flying.popleft()
        try:
            if future.done():
                return future.result()
            # one more may start while this one is waited for
            self._flying.appendleft(future)
            try:
                return future.result()
            finally:
                self._flying.popleft()
        except BaseException:
            self.close()
            raise
        finally:
            del future

    def close(self):
        self._over, self._broken = True, None
        while self._flying:
            self._flying.pop().cancel()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


def map_bounded(executor, function, items, buffersize):
    if buffersize < 1:
        raise ValueError(f"buffersize must be at least 1, got {buffersize}")
    return Stream(executor, function, items, buffersize)
