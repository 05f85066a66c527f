# wrong: the pool is never shut down  [test_number_of_threads]
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

POOLS = {}


@dataclass
class Outcome:
    value: object
    error: object


def fetch_all(fetch, urls, limit=8):
    if limit not in POOLS:
        POOLS[limit] = ThreadPoolExecutor(limit)

    def attempt(url):
        try:
            return Outcome(fetch(url), None)
        except Exception as error:
            return Outcome(None, error)

    return list(POOLS[limit].map(attempt, urls))
