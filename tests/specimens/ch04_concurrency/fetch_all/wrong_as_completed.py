# wrong: the order in which the answers came  [test_input_order]
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Any


def fetch_all(fetch, urls, limit=8):
    outcomes = []
    with ThreadPoolExecutor(limit) as pool:
        for future in as_completed([pool.submit(fetch, url) for url in urls]):
            error = future.exception()
            outcomes.append(Outcome(None if error else future.result(), error))
    return outcomes
