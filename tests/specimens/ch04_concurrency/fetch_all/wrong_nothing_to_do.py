# wrong: without URLs it does not look at the limit  [test_refuses_limits_below_one]
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Exception | None


def fetch_all(fetch, urls, limit=8):
    urls = list(urls)
    if not urls:
        return []
    if limit < 1:
        raise ValueError(f"limit={limit}")

    def attempt(url):
        try:
            return Outcome(fetch(url), None)
        except Exception as error:
            return Outcome(None, error)

    with ThreadPoolExecutor(limit) as pool:
        return list(pool.map(attempt, urls))
