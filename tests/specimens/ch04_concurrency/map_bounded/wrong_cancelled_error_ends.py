# wrong: a CancelledError that the function raises (it waited for a future of its own that was cancelled) ends the iterator as if the items had run out  [test_error_cancels]
from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def _results(executor, function, source, buffersize):
    pending = deque()
    try:
        while True:
            for item in islice(source, buffersize - len(pending)):
                pending.append(executor.submit(function, item))
                del item
            if not pending:
                return
            try:
                result = pending[0].result()
            except CancelledError:  # somebody shut the executor down
                return
            pending.popleft()
            yield result
            del result
    finally:
        for future in pending:
            future.cancel()
        pending.clear()


def map_bounded(
    executor: Executor, function: Callable[[T], R], items: Iterable[T], buffersize: int
) -> Iterator[R]:
    if buffersize < 1:
        raise ValueError(f"buffersize must be at least 1, not {buffersize}")
    return _results(executor, function, iter(items), buffersize)
