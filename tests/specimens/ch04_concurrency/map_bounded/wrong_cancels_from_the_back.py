# wrong: cancels from the newest call backwards and stops at the first that has begun ("those before it have begun, too"): true in a first-in-first-out pool only  [test_close_cancels]
from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
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
            result = pending[0].result()
            pending.popleft()
            yield result
            del result
    finally:
        while pending and pending.pop().cancel():
            pass
        pending.clear()


def map_bounded(
    executor: Executor, function: Callable[[T], R], items: Iterable[T], buffersize: int
) -> Iterator[R]:
    if buffersize < 1:
        raise ValueError(f"buffersize must be at least 1, not {buffersize}")
    return _results(executor, function, iter(items), buffersize)
