# wrong: a returned exception is taken for a raised one  [test_any_value_and_equal_urls]
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Any


def fetch_all(fetch, urls, limit=8):
    def attempt(url):
        try:
            return fetch(url)
        except Exception as error:
            return error

    with ThreadPoolExecutor(limit) as pool:
        return [
            Outcome(None, found) if isinstance(found, Exception) else Outcome(found, None)
            for found in pool.map(attempt, urls)
        ]
