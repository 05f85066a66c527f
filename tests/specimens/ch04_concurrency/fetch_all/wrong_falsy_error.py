# wrong: asks `if error` instead of `is not None`, so an exception object that is false (a class with __len__ or __bool__) is raised by fetch_all  [test_every_error_is_kept]
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    """What became of one URL: what ``fetch`` returned, or the exception that it raised.

    The other of the two is None.
    """

    value: Any
    error: Exception | None


def fetch_all(fetch: Callable[[str], Any], urls: Iterable[str], limit: int = 8) -> list[Outcome]:
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")

    outcomes = []
    with ThreadPoolExecutor(limit) as pool:
        futures = [pool.submit(fetch, url) for url in urls]
        for future in futures:
            if error := future.exception():
                outcomes.append(Outcome(None, error))
            else:
                outcomes.append(Outcome(future.result(), None))
    return outcomes
