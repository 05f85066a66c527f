# wrong: a dict with URLs as keys has one place for two equal ones  [test_any_value_and_equal_urls]
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Any


def fetch_all(fetch, urls, limit=8):
    urls = list(urls)
    with ThreadPoolExecutor(limit) as pool:
        futures = {url: pool.submit(fetch, url) for url in urls}
    return [
        Outcome(None, futures[url].exception())
        if futures[url].exception()
        else Outcome(futures[url].result(), None)
        for url in urls
    ]
