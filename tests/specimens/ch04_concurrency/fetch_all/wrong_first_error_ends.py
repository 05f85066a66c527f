# wrong: the first error comes out of map, and the rest is lost  [test_errors_in_their_places]
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Any


def fetch_all(fetch, urls, limit=8):
    with ThreadPoolExecutor(limit) as pool:
        return [Outcome(value, None) for value in pool.map(fetch, urls)]
