# wrong: a thread for each URL, which then waits at a semaphore  [test_number_of_threads]
import threading
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    value: Any
    error: Any


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    turns, outcomes, threads = threading.Semaphore(limit), {}, []

    def work(place, url):
        with turns:
            try:
                outcomes[place] = Outcome(fetch(url), None)
            except Exception as error:
                outcomes[place] = Outcome(None, error)

    for place, url in enumerate(urls):
        threads.append(threading.Thread(target=work, args=(place, url)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return [outcomes[place] for place in range(len(threads))]
