# wrong: beside an error stands its text as the value  [test_errors_in_their_places]
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Exception | None


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(f"limit={limit}")

    def attempt(url):
        try:
            return Outcome(fetch(url), None)
        except Exception as error:
            return Outcome(str(error), error)

    with ThreadPoolExecutor(limit) as pool:
        return list(pool.map(attempt, urls))
