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
    """Call ``function`` on each of ``items`` in ``executor``; yield the results in the same order.

    >>> import itertools
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as pool:
    ...     squares = map_bounded(pool, lambda x: x * x, itertools.count(1), buffersize=4)
    ...     print(next(squares), next(squares), next(squares))
    ...     squares.close()
    1 4 9

    ``items`` may be endless. Before the first result is asked for, at most ``buffersize`` items
    have been taken. While the consumer holds result k, counted from 1, at most k + ``buffersize``
    have been taken. While the consumer waits for a result, that call and the ``buffersize - 1``
    after it have been submitted, if there are so many items. What has been handed over does not
    pile up: neither items nor futures nor results.

    If a call raises, the iterator raises that exception (with threads: the same object) in place of
    the result, after the results before it. If ``items`` raises, that exception reaches the
    consumer, at once or after earlier results. What a ``StopIteration`` does is left
    open.

    The iterator has a ``close()``, as generators have: there are no results after it. Calls that
    have not begun are cancelled, as by ``Future.cancel()``, when it is closed after the first
    result, when a call raises and when ``items`` raises. Apart from that the executor is left as it
    is: it stays open, and other work in it goes on.

    Any ``Executor`` will do. With a process pool, where ``function`` and the items pickle, all that
    is submitted pickles.

    Raises ``ValueError``, at the call and before any item is taken, if ``buffersize`` is below 1.
    """
    raise NotImplementedError("map_bounded: write your solution here")
