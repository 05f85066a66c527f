"""fetch_all: many URLs, a few threads, and a place for every answer and every error."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

### BEGIN SOLUTION
from concurrent.futures import ThreadPoolExecutor

### END SOLUTION


class Outcome(NamedTuple):
    """What became of one URL: what ``fetch`` returned, or the exception that it raised.

    The other of the two is None.
    """

    value: Any
    error: Exception | None


def fetch_all(fetch: Callable[[str], Any], urls: Iterable[str], limit: int = 8) -> list[Outcome]:
    """Call ``fetch(url)`` for each of ``urls``, in threads, a few at a time.

    >>> def fetch(url):
    ...     if "dog" in url:
    ...         raise OSError(f"{url}: not found")
    ...     return len(url)
    >>> cat, dog, horse = fetch_all(fetch, ["cat.png", "dog.png", "horse.png"], limit=2)
    >>> cat
    Outcome(value=7, error=None)
    >>> dog
    Outcome(value=None, error=OSError('dog.png: not found'))
    >>> horse.value
    9

    The result is a list with an ``Outcome`` for each URL, in the order of ``urls``. If ``fetch``
    raises an ``Exception`` (other than ``StopIteration``, one that ``concurrent.futures`` defines,
    and a falsy one), that object is kept in the place of its URL, and the other URLs are fetched
    all the same. What ``fetch`` returns is a value, even ``None`` or an exception object.

    ``urls`` is any iterable, a generator for example. ``fetch`` is called once for each URL, with
    the URL alone; for a URL that occurs twice, it is called twice.

    At any moment at most ``limit`` calls are in flight. As many are while there are URLs enough:
    when one ends, the next begins, however long the others take. At most ``2 * limit + 3`` threads
    of its own exist at once, however many URLs there are. Soon after ``fetch_all`` has returned,
    none of them is left. Eight downloads that only wait, with ``limit=4``, take at most 0.35 times
    as long as one after the other.

    Raises ``ValueError`` at the call, before anything is fetched, if ``limit`` is below 1.
    """
    ### BEGIN SOLUTION
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit!r}")

    def attempt(url: str) -> Outcome:
        # Caught here, next to the call, an error still knows its place. Once it has come out of
        # the pool's map, the map is over, and the answers behind it are lost.
        try:
            return Outcome(fetch(url), None)
        except Exception as error:
            return Outcome(None, error)

    # Leaving the block waits for the threads to end.
    with ThreadPoolExecutor(limit) as pool:
        return list(pool.map(attempt, urls))
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. Threads will do because `fetch` waits: for the network, for a disk. They take turns at
# computing, so for decoding in pure Python see parallel_map.
#
# What else would do: a future for each URL, and in the order in which they were submitted
# `future.exception()`, or `future.result()` where that is None; or `limit` threads of your own that
# take (place, url) from a queue until it is empty. Both versions with a pool make one small object
# for each URL at once; for an endless source see map_bounded.
#
# Common mistakes: a thread for each URL, which all start at once, or wait at a semaphore with a
# stack each; `as_completed`, whose order is that of the answers; a dict with URLs as keys, which
# has one place for two equal ones; `pool.map(fetch, urls)` in a `try`, which loses everything
# behind the first error; slices of `limit` URLs, in which three threads wait for the slowest;
# several threads in one generator, which raises "generator already executing".
### END SOLUTION
