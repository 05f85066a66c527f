# wrong: a limit of 0 or less is taken for something else  [test_refuses_limits_below_one]
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

Outcome = namedtuple("Outcome", "value error")


def fetch_all(fetch, urls, limit=8):
    def attempt(url):
        try:
            return Outcome(fetch(url), None)
        except Exception as error:
            return Outcome(None, error)

    with ThreadPoolExecutor(max(1, limit or 8)) as pool:
        return list(pool.map(attempt, urls))
