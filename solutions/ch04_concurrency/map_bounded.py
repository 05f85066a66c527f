"""map_bounded: Executor.map for sources that do not fit in memory, or never end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import TypeVar

### BEGIN SOLUTION
from collections import deque
from concurrent.futures import Future
from itertools import islice

### END SOLUTION

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
    ### BEGIN SOLUTION
    if buffersize < 1:
        raise ValueError(f"buffersize must be at least 1, not {buffersize!r}")
    # Two functions: in one with a yield, even the check above would wait for the first next().
    return _results(executor, function, iter(items), buffersize)
    ### END SOLUTION


### BEGIN SOLUTION
def _results(
    executor: Executor, function: Callable[[T], R], source: Iterator[T], buffersize: int
) -> Iterator[R]:
    pending: deque[Future[R]] = deque()
    try:
        while True:
            # Tops it up to buffersize; after the first round that is one item each time.
            for item in islice(source, buffersize - len(pending)):
                pending.append(executor.submit(function, item))
            if not pending:
                return
            # Popped, so that the deque does not keep what the consumer has thrown away.
            yield pending.popleft().result()
    finally:
        # Here by close(), by an exception, or with nothing pending at the end of the items.
        # cancel() is a request: a call that runs already is left to end.
        for future in pending:
            future.cancel()


# Notes. Executor.map submits everything before it gives the first result: a list of paths is fine,
# a stream of images fills the memory, and an endless source never gets to its first result. Since
# Python 3.14 it has a `buffersize` of its own, which does what this function does.
#
# The order costs something: if the first call is slow, the others finish and wait behind it with
# their results, buffersize - 1 at most. `as_completed` would hand them out, out of order.
# How large? At least the number of workers, or some are idle; twice that evens out the jobs.
#
# A generator whose deque is filled before the first next(), for example in the outer function,
# starts the work earlier. But close() before the first next() then runs no `finally` and cancels
# nothing.
#
# Common mistakes: `yield executor.submit(function, item).result()`, which waits for each before
# it submits the next; submitting two for each result; a list of futures that only grows; wrapping
# the function in a lambda, which no process pool can pickle; `with executor:` or
# shutdown(cancel_futures=True), which end a pool that belongs to the caller.
### END SOLUTION
