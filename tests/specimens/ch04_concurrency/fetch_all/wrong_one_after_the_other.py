# wrong: a loop, without any thread  [test_as_many_as_the_limit]
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Exception | None


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(f"limit={limit}")
    outcomes = []
    for url in urls:
        try:
            outcomes.append(Outcome(fetch(url), None))
        except Exception as error:
            outcomes.append(Outcome(None, error))
    return outcomes
