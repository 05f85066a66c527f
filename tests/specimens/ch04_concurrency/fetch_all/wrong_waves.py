# wrong: slices of `limit` URLs, each of which waits for its slowest  [test_one_slow_url]
import threading
from itertools import islice
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Any


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError("limit")
    source, outcomes = enumerate(urls), {}

    def work(place, url):
        try:
            outcomes[place] = Outcome(fetch(url), None)
        except Exception as error:
            outcomes[place] = Outcome(None, error)

    while wave := [threading.Thread(target=work, args=job) for job in islice(source, limit)]:
        for thread in wave:
            thread.start()
        for thread in wave:
            thread.join()
    return [outcomes[place] for place in sorted(outcomes)]
