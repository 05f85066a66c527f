# wrong: threads in one generator; those that meet there end  [test_as_many_as_the_limit]
import threading
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Any


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(f"limit {limit}")
    outcomes, jobs = {}, enumerate(urls)

    def work():
        try:
            for place, url in jobs:
                try:
                    outcomes[place] = Outcome(fetch(url), None)
                except Exception as error:
                    outcomes[place] = Outcome(None, error)
        except ValueError:
            return  # "generator already executing"

    threads = [threading.Thread(target=work) for _ in range(limit)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[place] for place in sorted(outcomes)]
