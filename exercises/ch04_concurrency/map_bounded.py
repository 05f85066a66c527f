"""map_bounded: Executor.map for sources that do not fit in memory, or never end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import TypeVar


T = TypeVar("T")
R = TypeVar("R")


def map_bounded(
    executor: Executor, function: Callable[[T], R], items: Iterable[T], buffersize: int
) -> Iterator[R]:
    """Call ``function`` on each of ``items`` in ``executor``; yield the results in their order.

    >>> import itertools
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     squares = map_bounded(pool, lambda x: x * x, itertools.count(1), buffersize=4)
    ...     print(next(squares), next(squares), next(squares))
    ...     squares.close()
    1 4 9

    ``items`` may be endless: it is read a few items ahead and no further. At any moment at which
    the consumer holds a result, the items taken are at most ``buffersize`` more than the results
    handed over, that one included; before the first is asked for, at most ``buffersize`` are
    taken. While the consumer waits for a result, ``buffersize`` calls are under way, if there
    are so many items and the executor has the workers. What has been handed over is not kept:
    neither items nor results nor futures pile up.

    If a call raises, the exception (the very object, with threads) is raised in the place of its
    result, after the results before it. If ``items`` raises, that exception reaches the consumer.

    The iterator has a ``close()``, as generators have. When it is closed after the first result,
    or when a call or ``items`` has raised, calls that have not begun are cancelled and never run.
    Nothing else happens to the executor: it stays open, and other work in it is left alone.

    Any executor will do, one of processes too: with picklable ``function`` and items, all that
    is submitted is picklable.

    Raises ``ValueError``, at the call and before any item is taken, if ``buffersize`` is below 1.
    """
    raise NotImplementedError("map_bounded: write your solution here")
