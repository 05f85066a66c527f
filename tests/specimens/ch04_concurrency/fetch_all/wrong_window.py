# wrong: submits at most 16 * limit URLs ahead of the oldest unfinished one, so one very slow URL makes all the others stop in the end  [test_one_slow_url]
from __future__ import annotations

from collections import deque
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

    def attempt(url):
        try:
            return Outcome(fetch(url), None)
        except Exception as error:
            return Outcome(None, error)

    outcomes = []
    window: deque = deque()
    with ThreadPoolExecutor(limit) as pool:
        for url in urls:
            if len(window) == 16 * limit:
                outcomes.append(window.popleft().result())
            window.append(pool.submit(attempt, url))
        outcomes += [future.result() for future in window]
    return outcomes
