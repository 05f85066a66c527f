# wrong: a thread for each URL, all at once  [test_as_many_as_the_limit]
import threading
from collections import namedtuple

Outcome = namedtuple("Outcome", "value error")


def fetch_all(fetch, urls, limit=8):
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    urls = list(urls)
    outcomes = [None] * len(urls)

    def work(place, url):
        try:
            outcomes[place] = Outcome(fetch(url), None)
        except Exception as error:
            outcomes[place] = Outcome(None, error)

    threads = [threading.Thread(target=work, args=job) for job in enumerate(urls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
